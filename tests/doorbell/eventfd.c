// SPDX-License-Identifier: GPL-2.0-only
/* eventfd DEVICE: eventfds that a ring signals. */
#include "base.h"

#include <sys/eventfd.h>

#include "doorbell.h"

static const char *path;

static int set(int fd, int eventfd)
{
	struct kshm_eventfd arg = { .struct_size = sizeof(arg), .fd = eventfd };

	return ioctl(fd, KSHM_IOC_EVENTFD, &arg);
}

static int new_eventfd(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		bail("eventfd");
	return fd;
}

/* What was added since the last time. */
static long long added(int eventfd)
{
	eventfd_t n;

	if (!eventfd_read(eventfd, &n))
		return n;
	if (errno != EAGAIN)
		bail("read an eventfd");
	return 0;
}

static void by_rings(void)
{
	int a = xopen(path, O_RDWR), b = xopen(path, O_RDWR);
	int first = new_eventfd(), second = new_eventfd();

	is(set(b, first), 0, "set an eventfd");
	ring(a);
	is(added(first), 1, "a ring adds 1");
	ring(a);
	ring(a);
	is(added(first), 2, "two rings add 2");
	ok(rung(b), "the rings are reported by poll() as well");
	ring(b);
	is(added(first), 0, "the file's own ring adds nothing");

	is(set(b, second), 0, "set another eventfd");
	ring(a);
	is(added(first), 0, "the one before gets no more signals");
	is(added(second), 1, "the new one does");
	is(set(a, second), 0, "two files can have the same eventfd");
	ring(a);
	is(added(second), 1, "it gets one signal when one of them rings");

	is(set(b, -1), 0, "set none");
	ring(a);
	is(added(second), 0, "no signal without an eventfd");
	is(set(b, -1), 0, "set none again");

	is(set(b, first), 0, "set an eventfd");
	close(first);
	ring(a);
	ok(rung(b), "a ring after the program has closed the eventfd");
	close(b);
	ring(a);
	is(set(a, -1), 0, "set none");

	b = xopen(path, O_RDWR);
	is(set(b, second), 0, "set an eventfd");
	close(b);
	ring(a);
	is(added(second), 0, "no signal after the device was closed");
	close(second);
	close(a);
}

static void bad_arguments(void)
{
	struct kshm_eventfd arg = { .struct_size = sizeof(arg) };
	int fd = xopen(path, O_RDWR), event = new_eventfd();
	struct {
		struct kshm_eventfd arg;
		__u64 more;
	} large = { .arg.struct_size = sizeof(large), .arg.fd = -1, .more = 1 };

	is(set(fd, event), 0, "set an eventfd");
	fails(set(fd, fd), EINVAL, "not an eventfd: EINVAL");
	fails(set(fd, 1000000), EBADF, "not an open descriptor: EBADF");
	fails(set(fd, -2), EINVAL, "-2: EINVAL");
	arg.fd = -1;
	arg.flags = 1;
	fails(ioctl(fd, KSHM_IOC_EVENTFD, &arg), EINVAL, "flags: EINVAL");
	arg.flags = 0;
	arg.reserved = 1;
	fails(ioctl(fd, KSHM_IOC_EVENTFD, &arg), EINVAL, "reserved: EINVAL");
	arg.reserved = 0;
	arg.struct_size--;
	fails(ioctl(fd, KSHM_IOC_EVENTFD, &arg), EINVAL, "structure too small: EINVAL");
	fails(ioctl(fd, KSHM_IOC_EVENTFD, &large), E2BIG, "an unknown field: E2BIG");
	fails(ioctl(fd, KSHM_IOC_EVENTFD, NULL), EFAULT, "a NULL pointer: EFAULT");
	ring(xopen(path, O_RDWR));
	is(added(event), 1, "after the errors, the eventfd is still set");
	close(event);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	path = argv[1];
	by_rings();
	bad_arguments();
	return tap_done();
}
