// SPDX-License-Identifier: GPL-2.0-only
/*
 * largest LABEL: the longest run of 2 MiB blocks that hold nothing but free and
 * movable pages, by /proc/kpageflags; the size that the driver says would
 * succeed when it is asked for too much; and whether it does succeed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "bench.h"
#include "way.h"

#define BLOCK	512

static bool movable(uint64_t flags)
{
	const uint64_t fixed = 1ULL << KPF_SLAB | 1ULL << KPF_NOPAGE |
			       1ULL << KPF_HUGE | 1ULL << KPF_HWPOISON |
			       1ULL << KPF_UNEVICTABLE;
	const uint64_t good = 1ULL << KPF_BUDDY | 1ULL << KPF_LRU;

	return (flags & good) && !(flags & fixed);
}

/* Runs do not go across 16 MiB, where a zone ends, nor across 4 GiB. */
static bool zone_ends(size_t block)
{
	return block == (16UL << 20) / 4096 / BLOCK ||
	       block == (4UL << 30) / 4096 / BLOCK;
}

static uint64_t longest_run(void)
{
	int fd = open("/proc/kpageflags", O_RDONLY);
	size_t block, run = 0, longest = 0, i;
	uint64_t flags[BLOCK];

	if (fd < 0)
		die("/proc/kpageflags");
	for (block = 0; read(fd, flags, sizeof(flags)) == sizeof(flags);
	     block++) {
		for (i = 0; i < BLOCK && movable(flags[i]); i++)
			;
		if (i < BLOCK || zone_ends(block))
			run = 0;
		if (i == BLOCK && ++run > longest)
			longest = run;
	}
	close(fd);
	return longest * BLOCK * 4096;
}

/* The size in the last line of the log that names one. */
static uint64_t foretold(void)
{
	static const char text[] = "would succeed now is ";
	static char log[1 << 20];
	char *line = log, *last = NULL;
	int n = klogctl(3, log, sizeof(log) - 1);

	if (n < 0)
		die("klogctl");
	while ((line = strstr(line, text))) {
		line += strlen(text);
		last = line;
	}
	return last ? strtoull(last, NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	const struct way *way = find_way("kshm");
	struct area area = { .size = 1UL << 40 };
	uint64_t run, size;
	char line[64];

	if (argc != 2)
		return 2;
	run = longest_run();
	if (way->take(&area)) {
		errno = 0;
		die("1 TiB was had");
	}
	size = foretold();
	snprintf(line, sizeof(line), "longest-run-%s", argv[1]);
	figure(line, "kshm", 0, run);
	snprintf(line, sizeof(line), "foretold-%s", argv[1]);
	figure(line, "kshm", 0, size);

	area.size = size;
	if (!size || !way->take(&area))
		size = 0;
	else
		way->drop(&area);
	snprintf(line, sizeof(line), "largest-%s", argv[1]);
	figure(line, "kshm", 0, size);
	return 0;
}
