// SPDX-License-Identifier: GPL-2.0-only
/*
 * access WAY ROUNDS SIZE: memory that is mapped and has been touched: one load,
 * in sequence and at random, and writing zeroes to all of it.
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

static void by_memset(const struct area *area)
{
	memset(area->map, 0, area->size);
	/* the compiler must not leave it out */
	asm volatile("" : : "r"(area->map) : "memory");
}

/* As the kernel does on a processor that has nothing better. */
static void by_stos(const struct area *area)
{
	void *to = area->map;
	size_t words = area->size / 8;

	asm volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(0) : "memory");
}

static double measure(void (*walk)(const struct area *area),
		      const struct area *area)
{
	uint64_t begin = now();

	walk(area);
	return now() - begin;
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
	by_memset(&area);
	while (rounds--) {
		figure("sequential", way->name, area.size,
		       measure(sequential, &area) / LOADS);
		figure("random", way->name, area.size,
		       measure(random_order, &area) / LOADS);
		figure("memset", way->name, area.size,
		       measure(by_memset, &area));
		figure("stos", way->name, area.size, measure(by_stos, &area));
	}
	unmap(&area);
	way->drop(&area);
	return 0;
}
