// SPDX-License-Identifier: GPL-2.0-only
/*
 * take LABEL WAY ROUNDS SIZE...: cost of getting memory, zeroed and present, and
 * of giving it back. LABEL in the lines tells the state of the machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"
#include "way.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

static const char *label;

static void labelled(const char *line, const char *way, uint64_t size,
		     double value)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%s", line, label);
	figure(name, way, size, value);
}

static bool take(const struct way *way, struct area *area)
{
	bool good;

	if (!way->take(area))
		return false;
	if (way->holds)
		good = !way->fill || way->fill(area);
	else
		good = way->map(area) &&
		       !madvise(area->map, area->size, MADV_POPULATE_WRITE);
	if (!good)
		way->drop(area);
	return good;
}

static void drop(const struct way *way, struct area *area)
{
	if (!way->holds)
		unmap(area);
	way->drop(area);
}

int main(int argc, char **argv)
{
	const struct way *way;
	int i, r, rounds;

	if (argc < 5)
		return 2;
	label = argv[1];
	way = find_way(argv[2]);
	rounds = atoi(argv[3]);

	for (i = 4; i < argc; i++) {
		struct area area = { .size = number(argv[i]) };

		for (r = 0; r < rounds; r++) {
			uint64_t t[3];
			bool good;

			t[0] = now();
			good = take(way, &area);
			t[1] = now();
			labelled("success", way->name, area.size, good);
			if (!good)
				continue;
			drop(way, &area);
			t[2] = now();
			labelled("take", way->name, area.size, t[1] - t[0]);
			labelled("drop", way->name, area.size, t[2] - t[1]);
		}
	}
	return 0;
}
