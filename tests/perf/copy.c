// SPDX-License-Identifier: GPL-2.0-only
/*
 * copy ROUNDS SIZE WAY...: pread() and pwrite() of 1 MiB, all over the file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "way.h"

#define CALL	(1UL << 20)

static char bytes[CALL];

/* Nanoseconds or instructions for one call. */
static double measure(const struct area *area, bool write)
{
	uint64_t begin = now();
	size_t at;

	for (at = 0; at < area->size; at += CALL) {
		ssize_t n = write ? pwrite(area->fd, bytes, CALL, at) :
				    pread(area->fd, bytes, CALL, at);

		if (n != (ssize_t)CALL)
			die("read or write");
	}
	return (double)(now() - begin) * CALL / area->size;
}

int main(int argc, char **argv)
{
	struct area area = { 0 };
	int rounds, i;

	if (argc < 4)
		return 2;
	rounds = atoi(argv[1]);
	area.size = number(argv[2]);
	memset(bytes, 'x', sizeof(bytes));

	while (rounds--) {
		for (i = 3; i < argc; i++) {
			const struct way *way = find_way(argv[i]);

			if (!way->take(&area)) {
				no_figure("write", way->name, CALL,
					  strerror(errno));
				continue;
			}
			/* tmpfs allocates with the first write */
			measure(&area, true);
			figure("write", way->name, CALL, measure(&area, true));
			figure("read", way->name, CALL, measure(&area, false));
			way->drop(&area);
		}
	}
	return 0;
}
