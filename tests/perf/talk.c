// SPDX-License-Identifier: GPL-2.0-only
/*
 * talk ROUNDS DEVICE: how long two processes that share a buffer take to wake
 * each other. One round: one process tells the other, which was asleep, and is
 * told in turn.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/kshm.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

static const char *device;
static int fds[2][2];		/* for each process: one to wait on, one to tell by */
static unsigned int *words;	/* in the buffer */
static unsigned int told[2];

/* A side is 0 or 1; the child is 1. */
struct channel {
	const char *name;
	void (*make)(void);
	void (*join)(int side);
	void (*tell)(int side);
	void (*await)(int side);
};

static int device_fd;

static void doorbell_join(int side)
{
	(void)side;
	device_fd = open(device, O_RDWR);
	if (device_fd < 0)
		die(device);
}

static void doorbell_tell(int side)
{
	(void)side;
	if (ioctl(device_fd, KSHM_IOC_NOTIFY, 0))
		die("KSHM_IOC_NOTIFY");
}

static void doorbell_await(int side)
{
	struct kshm_events seen = { .struct_size = sizeof(seen) };
	struct pollfd p = { .fd = device_fd, .events = POLLPRI };

	(void)side;
	if (poll(&p, 1, -1) != 1 || ioctl(device_fd, KSHM_IOC_EVENTS, &seen))
		die("poll");
}

/* The doorbell signals an eventfd of each side. */
static int doorbell_event;

static void doorbell_event_join(int side)
{
	struct kshm_eventfd arg = { .struct_size = sizeof(arg) };

	doorbell_join(side);
	doorbell_event = eventfd(0, 0);
	arg.fd = doorbell_event;
	if (doorbell_event < 0 || ioctl(device_fd, KSHM_IOC_EVENTFD, &arg))
		die("KSHM_IOC_EVENTFD");
}

static void doorbell_event_await(int side)
{
	eventfd_t n;

	(void)side;
	if (eventfd_read(doorbell_event, &n))
		die("eventfd");
}

static void event_make(void)
{
	fds[0][0] = eventfd(0, 0);
	fds[1][0] = eventfd(0, 0);
	fds[0][1] = fds[1][0];
	fds[1][1] = fds[0][0];
}

static void no_join(int side)
{
	(void)side;
}

static void event_tell(int side)
{
	if (eventfd_write(fds[side][1], 1))
		die("eventfd");
}

static void event_await(int side)
{
	eventfd_t n;

	if (eventfd_read(fds[side][0], &n))
		die("eventfd");
}

static void pipe_make(void)
{
	int down[2], up[2];

	if (pipe(down) || pipe(up))
		die("pipe");
	fds[0][0] = up[0];
	fds[0][1] = down[1];
	fds[1][0] = down[0];
	fds[1][1] = up[1];
}

static void pipe_tell(int side)
{
	if (write(fds[side][1], "x", 1) != 1)
		die("pipe");
}

static void pipe_await(int side)
{
	char c;

	if (read(fds[side][0], &c, 1) != 1)
		die("pipe");
}

static void futex_make(void)
{
	words[0] = 0;
	words[1] = 0;
	told[0] = 0;
	told[1] = 0;
}

static void futex_tell(int side)
{
	unsigned int *word = &words[!side];

	__atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void futex_await(int side)
{
	while (__atomic_load_n(&words[side], __ATOMIC_SEQ_CST) == told[side])
		syscall(SYS_futex, &words[side], FUTEX_WAIT, told[side], NULL,
			NULL, 0);
	told[side]++;
}

static const struct channel channels[] = {
	{ "kshm", NULL, doorbell_join, doorbell_tell, doorbell_await },
	{ "kshm-eventfd", NULL, doorbell_event_join, doorbell_tell,
	  doorbell_event_await },
	{ "eventfd", event_make, no_join, event_tell, event_await },
	{ "pipe", pipe_make, no_join, pipe_tell, pipe_await },
	{ "futex", futex_make, no_join, futex_tell, futex_await },
	{ }
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void echo(const struct channel *c, int rounds, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	c->join(1);
	if (write(ready, "x", 1) != 1)
		die("ready");
	while (rounds--) {
		c->await(1);
		c->tell(1);
	}
	_exit(0);
}

static void round_trips(const struct channel *c, int rounds)
{
	double *took = calloc(rounds, sizeof(*took));
	int ready[2], i;
	char x;

	if (!took || pipe(ready))
		die("pipe");
	if (c->make)
		c->make();
	c->join(0);
	if (!fork())
		echo(c, rounds, ready[1]);
	if (read(ready[0], &x, 1) != 1)
		die("the other process");
	for (i = 0; i < rounds; i++) {
		uint64_t begin = now();

		c->tell(0);
		c->await(0);
		took[i] = now() - begin;
	}
	/* The first ones fault pages in. */
	qsort(took + rounds / 10, rounds - rounds / 10, sizeof(*took), compare);
	figure("round-trip", c->name, 0, took[rounds / 10 + rounds * 9 / 20]);
	figure("round-trip-99", c->name, 0, took[rounds / 10 + rounds * 89 / 100]);
	free(took);
}

int main(int argc, char **argv)
{
	const struct channel *c;
	int fd;

	if (argc != 3)
		return 2;
	device = argv[2];
	fd = open(device, O_RDWR);
	if (fd < 0)
		die(device);
	words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (words == MAP_FAILED)
		die("mmap");
	for (c = channels; c->name; c++)
		round_trips(c, atoi(argv[1]));
	return 0;
}
