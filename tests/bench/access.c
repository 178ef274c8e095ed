// SPDX-License-Identifier: GPL-2.0-only
/*
 * access WAY ROUNDS SIZE: one load from memory that is mapped and has been
 * touched, in sequence and at random.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "way.h"

#define LOADS	(1UL << 22)

static void sequential(const struct area *area)
{
	const volatile uint64_t *p = area->map;
	size_t words = area->size / sizeof(*p), i;

	for (i = 0; i < LOADS; i++)
		p[i % words];
}

/* Each address follows from what was loaded before, so that loads wait. */
static void random_order(const struct area *area)
{
	const volatile uint64_t *p = area->map;
	size_t words = area->size / sizeof(*p), i;
	uint64_t at = 1;

	for (i = 0; i < LOADS; i++)
		at = at * 6364136223846793005ULL + 1442695040888963407ULL +
		     p[(at >> 32) % words];
}

static double measure(void (*walk)(const struct area *area),
		      const struct area *area)
{
	uint64_t begin = now();

	walk(area);
	return (double)(now() - begin) / LOADS;
}

int main(int argc, char **argv)
{
	struct area area = { 0 };
	const struct way *way;
	int rounds;

	if (argc != 4)
		return 2;
	way = find_way(argv[1]);
	rounds = atoi(argv[2]);
	area.size = number(argv[3]);
	if (!way->take(&area) || !way->map(&area)) {
		no_figure("sequential", way->name, area.size, strerror(errno));
		return 0;
	}
	memset(area.map, 0, area.size);
	while (rounds--) {
		figure("sequential", way->name, area.size,
		       measure(sequential, &area));
		figure("random", way->name, area.size,
		       measure(random_order, &area));
	}
	unmap(&area);
	way->drop(&area);
	return 0;
}
