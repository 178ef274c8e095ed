// SPDX-License-Identifier: GPL-2.0-only
/*
 * An event loop that waits for the doorbells of several buffers at once.
 *
 *     event_loop COUNT DEVICE...
 *
 * It prints a line when a doorbell was rung, by another program or by the kernel,
 * and ends after COUNT events. 'kshmctl notify DEVICE' rings one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kshm.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

struct source {
	int fd;
	const char *name;
	unsigned long long count;	/* rings that this program has seen */
};

/* Since the file was opened, poll() reports rings that KSHM_IOC_EVENTS has not returned. */
static unsigned long long count_events(int fd)
{
	struct kshm_events events = { .struct_size = sizeof(events) };

	if (ioctl(fd, KSHM_IOC_EVENTS, &events))
		die("KSHM_IOC_EVENTS");
	return events.count;
}

int main(int argc, char **argv)
{
	unsigned long long count, want, seen = 0;
	struct source *sources, *source;
	struct epoll_event event;
	int i, loop;

	if (argc < 3) {
		fprintf(stderr, "usage: event_loop COUNT DEVICE...\n");
		return 2;
	}
	want = strtoull(argv[1], NULL, 10);
	loop = epoll_create1(EPOLL_CLOEXEC);
	sources = calloc(argc, sizeof(*sources));
	if (loop < 0 || !sources)
		die("event_loop");
	for (i = 2; i < argc; i++) {
		source = &sources[i];
		source->name = argv[i];
		source->fd = open(argv[i], O_RDWR);
		if (source->fd < 0)
			die(argv[i]);
		source->count = count_events(source->fd);
		/* A buffer is always readable and writable; EPOLLPRI is its doorbell. */
		event = (struct epoll_event){ .events = EPOLLPRI, .data.ptr = source };
		if (epoll_ctl(loop, EPOLL_CTL_ADD, source->fd, &event))
			die("epoll_ctl");
	}
	printf("waiting\n");
	fflush(stdout);
	while (seen < want) {
		if (epoll_wait(loop, &event, 1, -1) != 1)
			die("epoll_wait");
		source = event.data.ptr;
		count = count_events(source->fd);
		printf("%s: %llu new events\n", source->name, count - source->count);
		fflush(stdout);
		seen += count - source->count;
		source->count = count;
	}
	return 0;
}
