// SPDX-License-Identifier: GPL-2.0-only
/* poll DEVICE: poll(), select() and epoll always report it as ready. */
#include "base.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "device.h"

#define READ	(POLLIN | POLLRDNORM)
#define WRITE	(POLLOUT | POLLWRNORM)

/* What poll() reports of @events; -1 when it reports nothing within a second. */
static int polled(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 1000) == 1 ? p.revents : -1;
}

static void by_poll(int fd, const char *mode)
{
	struct pollfd none = { .fd = fd, .events = POLLPRI };

	is(polled(fd, POLLIN), POLLIN, "%s: poll() for POLLIN", mode);
	is(polled(fd, POLLOUT), POLLOUT, "%s: poll() for POLLOUT", mode);
	is(polled(fd, READ | WRITE | POLLPRI | POLLRDHUP), READ | WRITE,
	   "%s: poll() for all events reports reading and writing", mode);
	is(poll(&none, 1, 0), 0, "%s: poll() for POLLPRI reports nothing",
	   mode);
}

static void by_select(int fd)
{
	struct timeval second = { .tv_sec = 1 };
	fd_set in, out, except;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&except);
	FD_SET(fd, &in);
	FD_SET(fd, &out);
	FD_SET(fd, &except);
	is(select(fd + 1, &in, &out, &except, &second), 2,
	   "select() reports two conditions");
	ok(FD_ISSET(fd, &in) && FD_ISSET(fd, &out) && !FD_ISSET(fd, &except),
	   "select() reports reading and writing, and no exception");
}

/* What epoll_wait() reports at once; 0 for nothing. */
static __u32 waited(int ep, int fd)
{
	struct epoll_event event = { 0 };

	switch (epoll_wait(ep, &event, 1, 0)) {
	case 0:
		return 0;
	case 1:
		if (event.data.fd == fd)
			return event.events;
		break;
	}
	bail("epoll_wait");
}

static int set_events(int ep, int op, int fd, __u32 events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, op, fd, &event);
}

static void by_epoll(int fd)
{
	int ep = epoll_create1(EPOLL_CLOEXEC);
	char byte = 0;

	if (ep < 0)
		bail("epoll_create1");
	ok(!set_events(ep, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLOUT),
	   "epoll_ctl() adds the device");
	is(waited(ep, fd), EPOLLIN | EPOLLOUT,
	   "level-triggered epoll reports reading and writing");
	is(waited(ep, fd), EPOLLIN | EPOLLOUT,
	   "level-triggered epoll reports them again");

	ok(!set_events(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT | EPOLLET),
	   "epoll_ctl() makes it edge-triggered");
	is(waited(ep, fd), EPOLLIN | EPOLLOUT,
	   "edge-triggered epoll reports reading and writing once");
	if (pread(fd, &byte, 1, 0) != 1 || pwrite(fd, &byte, 1, 0) != 1)
		bail("pread, pwrite");
	is(waited(ep, fd), 0,
	   "edge-triggered epoll reports nothing more, even after a transfer");

	ok(!set_events(ep, EPOLL_CTL_MOD, fd, EPOLLOUT | EPOLLONESHOT),
	   "epoll_ctl() makes it one-shot");
	is(waited(ep, fd), EPOLLOUT, "one-shot epoll reports writing once");
	is(waited(ep, fd), 0, "one-shot epoll reports nothing more");
	ok(!set_events(ep, EPOLL_CTL_DEL, fd, 0),
	   "epoll_ctl() removes the device");
	close(ep);
}

static void by_mode(const char *path, int flags, const char *mode)
{
	int fd = xopen(path, flags);

	by_poll(fd, mode);
	close(fd);
}

int main(int argc, char **argv)
{
	size_t size;
	int fd = device_open(argc, argv, &size);

	by_mode(argv[1], O_RDONLY, "read-only");
	by_mode(argv[1], O_WRONLY, "write-only");
	by_poll(fd, "read-write");
	by_select(fd);
	by_epoll(fd);
	if (lseek(fd, size, SEEK_SET) < 0)
		bail("lseek");
	by_poll(fd, "at the end of the buffer");
	close(fd);
	return tap_done();
}
