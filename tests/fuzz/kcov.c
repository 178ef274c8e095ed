// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which code of the module runs, and what it compares, as KCOV tells of the
 * calling thread. Only the module is built for it.
 */
#include "fuzz.h"

#include <linux/kcov.h>

#define WORDS	(256U << 10)

/* Of a comparison: its kind, both values, the place. */
#define CMP_WORDS	4

#define COMPARISONS	4096

static int fd;
static __u64 *area;
static bool comparing, enabled;

/* Where in the area each call began. */
static __u64 marks[CALLS_MAX + 2];
static unsigned int nr_marks;

/* How many entries of the area are of the program. */
static __u64 nr_entries;

/**
 * kcov_open() - have an area for the kernel to write to
 */
void kcov_open(void)
{
	fd = xopen("/sys/kernel/debug/kcov", O_RDWR);
	if (ioctl(fd, KCOV_INIT_TRACE, WORDS))
		bail("KCOV_INIT_TRACE");
	area = mmap(NULL, WORDS * sizeof(*area), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (area == MAP_FAILED)
		bail("KCOV's area");
}

/**
 * kcov_start() - from here on write down
 * @compare: what is compared; or where the kernel is
 */
void kcov_start(bool compare)
{
	if (enabled && comparing != compare) {
		if (ioctl(fd, KCOV_DISABLE, 0))
			bail("KCOV_DISABLE");
		enabled = false;
	}
	if (!enabled) {
		if (ioctl(fd, KCOV_ENABLE,
			  compare ? KCOV_TRACE_CMP : KCOV_TRACE_PC))
			bail("KCOV_ENABLE");
		enabled = true;
		comparing = compare;
	}
	nr_marks = 0;
	__atomic_store_n(&area[0], 0, __ATOMIC_RELAXED);
}

/**
 * kcov_mark() - a call begins: its first place follows no other
 */
void kcov_mark(void)
{
	if (nr_marks < ARRAY_SIZE(marks))
		marks[nr_marks++] = __atomic_load_n(&area[0], __ATOMIC_RELAXED);
}

/**
 * kcov_stop() - what comes now is not of the program
 */
void kcov_stop(void)
{
	nr_entries = __atomic_load_n(&area[0], __ATOMIC_RELAXED);
}

/**
 * kcov_edges() - the pairs of places that followed each other
 * @edges: result; some occur more than once
 * @max:   room in there
 *
 * The module lies somewhere else each time it is loaded, but at whole pages. So
 * of a place only the offset in its page counts; two pairs that look the same
 * by that are rare.
 *
 * Return: their number.
 */
unsigned int kcov_edges(__u32 *edges, unsigned int max)
{
	__u64 n = nr_entries, i;
	__u32 last = 0, here;
	unsigned int mark = 0;

	if (n > max)
		n = max;
	for (i = 0; i < n; i++) {
		while (mark < nr_marks && marks[mark] <= i) {
			last = 0;
			mark++;
		}
		here = area[1 + i] & ((1U << PLACE_BITS) - 1);
		edges[i] = last << PLACE_BITS | here;
		last = here;
	}
	return n;
}

/**
 * kcov_compared() - the different values that were compared
 * @c:   result
 * @max: room in there
 *
 * Return: their number.
 */
unsigned int kcov_compared(struct compared *c, unsigned int max)
{
	__u64 n = nr_entries, i;
	unsigned int found = 0, j;

	/* loops compare the same again and again */
	if (n > COMPARISONS)
		n = COMPARISONS;

	for (i = 0; i < n && found < max; i++) {
		const __u64 *e = &area[1 + i * CMP_WORDS];
		struct compared new = { 1U << (e[0] >> 1 & 3), e[1], e[2] };

		if (new.a == new.b)
			continue;
		for (j = 0; j < found; j++)
			if (c[j].a == new.a && c[j].b == new.b)
				break;
		if (j == found)
			c[found++] = new;
	}
	return found;
}
