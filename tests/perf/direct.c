// SPDX-License-Identifier: GPL-2.0-only
/*
 * direct FILE ROUNDS SIZE WAY...: O_DIRECT write of the mapping into the file
 * and read from the file into the mapping, 1 MiB a call. The ways take turns,
 * in another order each time, so that what else goes on hits all of them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "way.h"

#define CALL	(1UL << 20)

static bool whole(int fd, char *map, size_t size, bool write)
{
	size_t at;
	ssize_t n;

	for (at = 0; at < size; at += CALL) {
		n = write ? pwrite(fd, map + at, CALL, at) :
			    pread(fd, map + at, CALL, at);
		if (n < 0)
			return false;
		if (n != (ssize_t)CALL)
			die("short O_DIRECT");
	}
	return true;
}

static void measure(int fd, const struct way *way, const struct area *area,
		    bool write)
{
	const char *line = write ? "direct-write" : "direct-read";
	uint64_t begin = now(), cpu = cpu_now();
	size_t i;

	if (!whole(fd, area->map, area->size, write)) {
		no_figure(line, way->name, area->size, strerror(errno));
		return;
	}
	cpu = cpu_now() - cpu;
	figure(line, way->name, area->size, now() - begin);
	figure(write ? "direct-write-cpu" : "direct-read-cpu", way->name,
	       area->size, cpu);

	/* what was read must be what was written */
	for (i = 0; !write && i < area->size; i += 4096) {
		if (((char *)area->map)[i] != 'x') {
			errno = EIO;
			die("O_DIRECT read something else");
		}
	}
}

/* So that no way has to allocate blocks. */
static void fill_file(int fd, size_t size)
{
	struct area area = { .size = size };
	const struct way *way = find_way("thp");

	if (!way->map(&area))
		die("mmap");
	memset(area.map, 'x', size);
	if (!whole(fd, area.map, size, true) || fsync(fd))
		die("write");
	unmap(&area);
}

int main(int argc, char **argv)
{
	struct area area = { 0 };
	int fd, rounds, ways, r, i;

	if (argc < 5)
		return 2;
	fd = open(argv[1], O_RDWR | O_CREAT | O_DIRECT, 0600);
	if (fd < 0)
		die(argv[1]);
	rounds = atoi(argv[2]);
	area.size = number(argv[3]);

	ways = argc - 4;
	fill_file(fd, area.size);
	for (r = 0; r < rounds; r++) {
		for (i = 0; i < ways; i++) {
			const char *name = argv[4 + (r + i) % ways];
			const struct way *way = find_way(name);

			if (!way->take(&area) || !way->map(&area)) {
				no_figure("direct-read", name, area.size,
					  strerror(errno));
				continue;
			}
			memset(area.map, 'x', area.size);
			measure(fd, way, &area, true);
			memset(area.map, 0, area.size);
			measure(fd, way, &area, false);
			unmap(&area);
			way->drop(&area);
		}
	}
	return 0;
}
