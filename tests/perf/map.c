// SPDX-License-Identifier: GPL-2.0-only
/*
 * map WAY ROUNDS SIZE...: cost of mapping, touching each page, touching it
 * again, and unmapping; faults; page tables.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench.h"
#include "way.h"

static void touch(const struct area *area)
{
	volatile char *p = area->map;
	size_t i;

	for (i = 0; i < area->size; i += 4096)
		p[i] = 1;
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static double page_tables(void)
{
	return read_number("/proc/self/status", "VmPTE:") * 1024.0;
}

static void round_trip(const struct way *way, struct area *area,
		       const char *name)
{
	double tables = page_tables();
	long before = faults();
	uint64_t t[6];

	t[0] = now();
	if (!way->map(area))
		die("mmap");
	t[1] = now();
	touch(area);
	t[2] = now();
	before = faults() - before;
	tables = page_tables() - tables;
	t[3] = now();
	touch(area);
	t[4] = now();
	unmap(area);
	t[5] = now();

	figure("map", name, area->size, t[1] - t[0]);
	figure("map-touch", name, area->size, t[2] - t[0]);
	figure("touch-again", name, area->size, t[4] - t[3]);
	figure("unmap", name, area->size, t[5] - t[4]);
	figure("faults", name, area->size, before);
	figure("page-tables", name, area->size, tables);
}

int main(int argc, char **argv)
{
	const struct way *way = find_way(argv[1]);
	int rounds = atoi(argv[2]);
	int i, r;

	for (i = 3; i < argc; i++) {
		struct area area = { .size = number(argv[i]) };
		bool first = way->fill;
		char name[32];

		snprintf(name, sizeof(name), "%s%s", way->name,
			 first ? "-first" : "");
		for (r = 0; first && r < rounds; r++) {
			if (!way->take(&area)) {
				no_figure("map-touch", name, area.size,
					  strerror(errno));
				break;
			}
			round_trip(way, &area, name);
			way->drop(&area);
		}
		if (!way->take(&area)) {
			no_figure("map-touch", way->name, area.size,
				  strerror(errno));
			continue;
		}
		if (way->fill && !way->fill(&area))
			die("fill");
		for (r = 0; r < rounds; r++)
			round_trip(way, &area, way->name);
		way->drop(&area);
	}
	return argc < 4;
}
