// SPDX-License-Identifier: GPL-2.0-only
/*
 * race DEVICE: two processes hand a number to each other through the buffer. Who
 * does not find it waits in poll() or epoll_wait(), or for an eventfd. The delays
 * before ringing vary, so that rings come before, while and after the other one
 * begins to wait. A ring that is lost leaves both waiting.
 */
#include "base.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "clock.h"
#include "doorbell.h"

#define ROUNDS		5000
#define PATIENCE_MS	20000

enum { POLL, EPOLL, EPOLL_EDGE, EVENTFD, KINDS };

static const char * const kinds[] = {
	"poll()", "epoll", "edge-triggered epoll", "an eventfd",
};

static int fd, waiter;

static void prepare(const char *path, int kind)
{
	struct kshm_eventfd arg = { .struct_size = sizeof(arg) };
	struct epoll_event e = { .events = EPOLLPRI };

	fd = xopen(path, O_RDWR);
	switch (kind) {
	case EPOLL_EDGE:
		e.events |= EPOLLET;
		/* fall through */
	case EPOLL:
		waiter = epoll_create1(EPOLL_CLOEXEC);
		if (waiter < 0 || epoll_ctl(waiter, EPOLL_CTL_ADD, fd, &e))
			bail("epoll");
		break;
	case EVENTFD:
		waiter = eventfd(0, EFD_CLOEXEC);
		arg.fd = waiter;
		if (waiter < 0 || ioctl(fd, KSHM_IOC_EVENTFD, &arg))
			bail("eventfd");
		break;
	}
}

/* Wait for a ring and fetch it. */
static bool wait_for_ring(int kind)
{
	struct pollfd p = { .fd = waiter, .events = POLLIN };
	struct epoll_event e;
	eventfd_t n;

	switch (kind) {
	case POLL:
		if (!rung_within(fd, PATIENCE_MS))
			return false;
		break;
	case EVENTFD:
		if (poll(&p, 1, PATIENCE_MS) != 1 || eventfd_read(waiter, &n))
			return false;
		break;
	default:
		if (epoll_wait(waiter, &e, 1, PATIENCE_MS) != 1)
			return false;
	}
	events(fd);
	return true;
}

static void spin(unsigned int n)
{
	while (n--)
		__asm__ volatile("" ::: "memory");
}

/*
 * Wait until the buffer has @want, then hand on the next number. False after a
 * lost ring.
 */
static bool turns(volatile __u64 *number, __u64 want, int kind)
{
	unsigned int seed = 1 + want, naps = 0;

	for (; want < 2 * ROUNDS; want += 2) {
		while (__atomic_load_n(number, __ATOMIC_ACQUIRE) != want) {
			if (!wait_for_ring(kind)) {
				diag("number %llu, not %llu, after %u waits",
				     *number, want, naps);
				return false;
			}
			naps++;
		}
		seed = seed * 1103515245 + 12345;
		spin((seed >> 16) % 2000);
		__atomic_store_n(number, want + 1, __ATOMIC_RELEASE);
		ring(fd);
	}
	return true;
}

int main(int argc, char **argv)
{
	int kind, status;
	__u64 *number;
	pid_t pid;
	bool good;

	if (argc != 2)
		return 2;
	for (kind = 0; kind < KINDS; kind++) {
		prepare(argv[1], kind);
		number = map(fd, PAGE, 0);
		*number = 0;
		pid = fork();
		if (!pid) {
			prepare(argv[1], kind);
			/* The other one may have rung before this one listened. */
			_exit(turns(number, 1, kind) ? 0 : 1);
		}
		good = turns(number, 0, kind);
		status = child_status(pid);
		if (!ok(good && !status, "%d rounds by %s: no ring is lost",
			ROUNDS, kinds[kind]))
			break;
		munmap(number, PAGE);
		close(fd);
		if (kind != POLL)
			close(waiter);
	}
	return tap_done();
}
