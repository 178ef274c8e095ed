// SPDX-License-Identifier: GPL-2.0-only
/*
 * basic DEVICE: who is told when somebody rings, by poll(), select(), epoll and
 * io_uring.
 */
/* build: also 32-bit */
#include "base.h"

#include <sys/epoll.h>
#include <sys/select.h>

#include "doorbell.h"
#include "uring.h"

static const char *path;

static void two_files(void)
{
	int a = xopen(path, O_RDWR), b = xopen(path, O_RDONLY), c;
	__u64 first = events(a);

	is(events(b), first, "two files have the same count");
	ok(!rung(a) && !rung(b), "nothing to report at first");

	ring(a);
	ok(!rung(a), "who rings is not told");
	ok(rung(b), "the other file is told");
	ok(rung(b), "it is told until it fetches the count");
	is(events(b), first + 1, "the count after a ring");
	ok(!rung(b), "it is told no more after it has fetched the count");
	is(events(a), first + 1, "the count for who rang");

	ring(b);
	ok(rung(a) && !rung(b), "a file that is open for reading can ring");
	ring(a);
	ok(rung(a), "who rings while it has a ring to fetch still has it");
	is(events(a), first + 3, "the count after three rings");
	ok(!rung(a), "its own ring was fetched, too");
	ok(rung(b), "the other one has a ring to fetch");

	c = xopen(path, O_WRONLY);
	ok(!rung(c), "a new file has nothing to fetch");
	is(events(c), first + 3, "the count for a new file");
	ring(c);
	ok(rung(a) && rung(b) && !rung(c), "one ring tells all others");
	close(a);
	close(b);
	close(c);
}

static void by_select(void)
{
	int a = xopen(path, O_RDWR), b = xopen(path, O_RDWR);
	struct timeval none = { 0 };
	fd_set except;

	FD_ZERO(&except);
	if (select(0, NULL, NULL, NULL, &none)) {
		skip("select()", "no CONFIG_COMPAT_32BIT_TIME");
		return;
	}
	FD_SET(b, &except);
	is(select(b + 1, NULL, NULL, &except, &none), 0,
	   "select() reports no exception before a ring");
	ring(a);
	FD_SET(b, &except);
	is(select(b + 1, NULL, NULL, &except, &none), 1,
	   "select() reports an exception after a ring");
	close(a);
	close(b);
}

static int waited(int ep)
{
	struct epoll_event e;
	int n = epoll_wait(ep, &e, 1, 0);

	if (n < 0)
		bail("epoll_wait");
	return n ? e.events : 0;
}

static void by_epoll(void)
{
	int a = xopen(path, O_RDWR), b = xopen(path, O_RDWR);
	struct epoll_event e = { .events = EPOLLPRI };
	int ep = epoll_create1(EPOLL_CLOEXEC);

	if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, b, &e))
		bail("epoll");
	is(waited(ep), 0, "epoll reports nothing before a ring");
	ring(a);
	is(waited(ep), EPOLLPRI, "epoll reports a ring");
	is(waited(ep), EPOLLPRI, "epoll reports it until it is fetched");
	events(b);
	is(waited(ep), 0, "epoll reports nothing after it was fetched");
	ring(b);
	is(waited(ep), 0, "epoll does not report the file's own ring");

	e.events = EPOLLPRI | EPOLLET;
	if (epoll_ctl(ep, EPOLL_CTL_MOD, b, &e))
		bail("epoll");
	ring(a);
	is(waited(ep), EPOLLPRI, "edge-triggered epoll reports a ring");
	is(waited(ep), 0, "edge-triggered epoll reports it once");
	ring(a);
	is(waited(ep), EPOLLPRI,
	   "edge-triggered epoll reports the next ring, though the first was not fetched");
	events(b);
	ring(a);
	ring(a);
	is(waited(ep), EPOLLPRI, "edge-triggered epoll reports two rings at once");
	is(waited(ep), 0, "edge-triggered epoll reports nothing more");
	ring(a);
	events(b);
	is(waited(ep), 0,
	   "edge-triggered epoll does not report a ring that was fetched in between");

	e.events = EPOLLPRI | EPOLLET;
	ring(a);
	if (epoll_ctl(ep, EPOLL_CTL_DEL, b, &e) ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, b, &e))
		bail("epoll");
	is(waited(ep), EPOLLPRI, "a ring before the file was added is reported");

	e.events = EPOLLPRI | EPOLLONESHOT;
	if (epoll_ctl(ep, EPOLL_CTL_MOD, b, &e))
		bail("epoll");
	ring(a);
	is(waited(ep), EPOLLPRI, "one-shot epoll reports a ring");
	ring(a);
	is(waited(ep), 0, "one-shot epoll reports no second one");
	close(ep);
	close(a);
	close(b);
}

/* A child that blocks in poll() until the parent rings. */
static void by_child(void)
{
	int a = xopen(path, O_RDWR), b = xopen(path, O_RDWR), copy;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(rung_within(b, 30000) ? 0 : 1);
	ring(a);
	is(child_status(pid), 0, "a ring wakes a child in poll()");
	ok(rung(b), "the parent's copy of the file is told as well");

	pid = fork();
	if (!pid) {
		events(b);
		_exit(0);
	}
	is(child_status(pid), 0, "a child fetches the count");
	ok(!rung(b), "parent and child share what the file has seen");

	copy = dup(b);
	ring(copy);
	ok(!rung(b), "a copy of the descriptor is the same file");
	close(copy);
	close(a);
	close(b);
}

static void by_uring(void)
{
	int a = xopen(path, O_RDWR), b = xopen(path, O_RDWR);
	struct io_uring_sqe *sqe;
	struct uring u;
	__u32 head;

	if (!uring_open(&u)) {
		skip("io_uring", "the kernel does not offer it");
		return;
	}
	sqe = &u.sqes[*u.sq_tail & *u.sq_mask];
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_POLL_ADD;
	sqe->fd = b;
	sqe->poll_events = POLLPRI;
	u.sq_array[*u.sq_tail & *u.sq_mask] = *u.sq_tail & *u.sq_mask;
	__atomic_store_n(u.sq_tail, *u.sq_tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, u.fd, 1, 0, 0, NULL, 0) != 1)
		bail("io_uring_enter");
	head = *u.cq_head;
	is(__atomic_load_n(u.cq_tail, __ATOMIC_ACQUIRE), head,
	   "io_uring does not complete a poll before a ring");
	ring(a);
	if (syscall(SYS_io_uring_enter, u.fd, 0, 1, IORING_ENTER_GETEVENTS, NULL,
		    0) < 0)
		bail("io_uring_enter");
	is(u.cqes[head & *u.cq_mask].res, POLLPRI,
	   "io_uring completes the poll after a ring");
	close(u.fd);
	close(a);
	close(b);
}

static void bad_arguments(void)
{
	struct kshm_events e = { .struct_size = sizeof(e), .flags = 1 };
	int a = xopen(path, O_RDWR), b = xopen(path, O_RDWR);
	struct {
		struct kshm_events e;
		__u64 more;
	} large = { .e.struct_size = sizeof(large), .more = 1 };
	char *room = anon(PAGE);

	fails(ioctl(a, KSHM_IOC_NOTIFY, 1), EINVAL, "NOTIFY with an argument: EINVAL");
	fails(ioctl(a, KSHM_IOC_EVENTS, &e), EINVAL, "EVENTS with flags: EINVAL");
	e.flags = 0;
	e.struct_size--;
	fails(ioctl(a, KSHM_IOC_EVENTS, &e), EINVAL, "EVENTS, structure too small: EINVAL");
	fails(ioctl(a, KSHM_IOC_EVENTS, &large), E2BIG, "EVENTS with an unknown field: E2BIG");
	large.more = 0;
	is(ioctl(a, KSHM_IOC_EVENTS, &large), 0, "EVENTS with a larger structure");
	is(large.e.struct_size, sizeof(e), "EVENTS returns the size of the driver's structure");
	is(large.e.count, events(a), "EVENTS returns the count");
	fails(ioctl(a, KSHM_IOC_EVENTS, NULL), EFAULT, "EVENTS with a NULL pointer: EFAULT");

	ring(a);
	e.struct_size = sizeof(e);
	memcpy(room, &e, sizeof(e));
	mprotect(room, PAGE, PROT_READ);
	fails(ioctl(b, KSHM_IOC_EVENTS, room), EFAULT, "EVENTS with read-only memory: EFAULT");
	ok(rung(b), "the count was not fetched then");
	close(a);
	close(b);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	path = argv[1];
	diag("%zu-bit program", 8 * sizeof(long));
	two_files();
	by_select();
	by_epoll();
	by_child();
	by_uring();
	bad_arguments();
	return tap_done();
}
