// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl notify, kshmctl wait: the doorbell of a buffer.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/kshm.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "commands.h"
#include "util.h"

static const struct option simple_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

int cmd_notify(int argc, char **argv)
{
	int c, fd, status = EXIT_SUCCESS;
	struct buffer buf;

	while ((c = getopt_long(argc, argv, "h", simple_options, NULL)) != -1) {
		if (c == 'h')
			command_help("Usage: kshmctl notify BUFFER...\n\n"
				     "Ring the doorbell of buffers: wake all programs that wait for it.\n\n"
				     "  -h, --help  print this text\n");
		command_misused("notify");
	}
	if (optind == argc) {
		warnx("a buffer is missing");
		command_misused("notify");
	}
	for (; optind < argc; optind++) {
		fd = buffer_open(argv[optind], O_RDONLY, &buf);
		if (fd < 0) {
			status = EXIT_FAILURE;
			continue;
		}
		if (ioctl(fd, KSHM_IOC_NOTIFY, 0)) {
			warn("%s", argv[optind]);
			status = EXIT_FAILURE;
		}
		close(fd);
	}
	return status;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * UINT64_C(1000) + ts.tv_nsec / 1000000;
}

/* Wait for all rings that are asked for, each of any of the buffers. */
static int wait_for(struct pollfd *fds, char **names, int n, unsigned long count,
		    unsigned long seconds)
{
	uint64_t end = now() + seconds * UINT64_C(1000);

	while (count) {
		uint64_t begin = now();
		int i, ready, left = -1;

		if (seconds)
			left = begin >= end ? 0 : end - begin > 60000 ? 60000 : end - begin;
		ready = poll(fds, n, left);
		if (ready < 0 && errno != EINTR)
			err(EXIT_FAILURE, "poll");
		if (seconds && ready <= 0 && now() >= end) {
			warnx("nobody has rung within %lu seconds", seconds);
			return EXIT_FAILURE;
		}
		for (i = 0; i < n && ready > 0 && count; i++) {
			struct kshm_events events = { .struct_size = sizeof(events) };

			if (!(fds[i].revents & POLLPRI))
				continue;
			if (ioctl(fds[i].fd, KSHM_IOC_EVENTS, &events))
				err(EXIT_FAILURE, "%s", names[i]);
			printf("%s %" PRIu64 "\n", names[i], (uint64_t)events.count);
			if (fflush(stdout))
				err(EXIT_FAILURE, "standard output");
			count--;
		}
	}
	return EXIT_SUCCESS;
}

int cmd_wait(int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "timeout", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	unsigned long count = 1, seconds = 0;
	struct pollfd *fds;
	int c, i, n, status = EXIT_FAILURE;
	struct buffer buf;

	while ((c = getopt_long(argc, argv, "c:t:h", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			count = number_option("wait", "--count", optarg, 1000000000);
			break;
		case 't':
			seconds = number_option("wait", "--timeout", optarg, 1000000000);
			break;
		case 'h':
			command_help("Usage: kshmctl wait BUFFER... [OPTION...]\n\n"
				     "Wait until another program rings the doorbell of one of the buffers. Print\n"
				     "the buffer, and how often its doorbell was rung since it was created.\n\n"
				     "  -c, --count N          wait N times\n"
				     "  -t, --timeout SECONDS  fail after so long\n"
				     "  -h, --help             print this text\n");
		default:
			command_misused("wait");
		}
	}
	n = argc - optind;
	if (!n) {
		warnx("a buffer is missing");
		command_misused("wait");
	}
	fds = xrealloc(NULL, n, sizeof(*fds));
	for (i = 0; i < n; i++) {
		fds[i].fd = buffer_open(argv[optind + i], O_RDONLY, &buf);
		fds[i].events = POLLPRI;
		if (fds[i].fd < 0)
			break;
	}
	if (i == n)
		status = wait_for(fds, argv + optind, n, count, seconds);
	free(fds);
	return status;
}
