// SPDX-License-Identifier: GPL-2.0-only
/* sysfs DEVICE: the file events of the device, and a device that is removed. */
#include "base.h"

#include "configfs.h"
#include "doorbell.h"

static __u64 value(int fd)
{
	char text[32] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		bail("read events");
	return strtoull(text, NULL, 10);
}

/* Whether poll() reports a change within some time. */
static bool changed(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLPRI };

	if (poll(&p, 1, ms) < 0)
		bail("poll");
	return p.revents & POLLPRI;
}

static void file(const char *path)
{
	int sysfs = xopen("/sys/class/kshm/kshm0/events", O_RDONLY);
	int dev = xopen(path, O_RDWR);
	__u64 first = value(sysfs);
	pid_t pid;

	is(first, events(dev), "events has the count");
	ok(!changed(sysfs, 0), "poll() of events reports nothing before a ring");
	ring(dev);
	ok(changed(sysfs, 10000), "poll() of events reports a ring");
	is(value(sysfs), first + 1, "events after a ring");
	ok(!changed(sysfs, 0), "poll() of events reports nothing after reading it");
	pid = fork();
	if (!pid)
		_exit(changed(sysfs, 30000) ? 0 : 1);
	ring(dev);
	is(child_status(pid), 0, "a ring wakes a child in poll() of events");
	close(dev);
	close(sysfs);
}

static void without_device(void)
{
	int a = buffer_make("bell", PAGE), b = buffer_open("bell");

	ring(a);
	buffer_drop("bell");
	ok(rung(b), "a ring from before the device was removed");
	is(events(b), 1, "the count after the device was removed");
	ring(a);
	ok(rung(b), "a ring after the device was removed");
	is(events(b), 2, "the count after it");
	close(a);
	close(b);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	file(argv[1]);
	without_device();
	return tap_done();
}
