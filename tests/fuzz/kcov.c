// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which code of the module runs, and which values it compares, as KCOV reports
 * it for the calling thread. Only the module is built with KCOV.
 */
#include "fuzz.h"

#include <linux/kcov.h>

#define WORDS	(256U << 10)

/* Words for each comparison: its kind, both values, the place. */
#define CMP_WORDS	4

#define COMPARISONS	4096

static int fd;
static __u64 *area;
static bool comparing, enabled;

/* Index in the area at which each call began. */
static __u64 marks[CALLS_MAX + 2];
static unsigned int nr_marks;

/* Number of entries in the area that are of the program. */
static __u64 nr_entries;

/**
 * kcov_open() - map the area that the kernel writes to
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
 * kcov_start() - begin to record
 * @compare: record compared values instead of places
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
 * kcov_mark() - begin a call: its first place does not follow another one
 */
void kcov_mark(void)
{
	if (nr_marks < ARRAY_SIZE(marks))
		marks[nr_marks++] = __atomic_load_n(&area[0], __ATOMIC_RELAXED);
}

/**
 * kcov_stop() - stop recording
 */
void kcov_stop(void)
{
	nr_entries = __atomic_load_n(&area[0], __ATOMIC_RELAXED);
}

/**
 * kcov_edges() - get the pairs of successive places
 * @edges: result; some occur more than once
 * @max:   room for this number
 *
 * The module is at another address each time it is loaded, but page-aligned. So
 * only the offset of a place in its page counts. Two pairs that are the same by
 * this rule are rare.
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
 * kcov_compared() - get the compared values, each pair once
 * @c:   result
 * @max: room for this number
 *
 * Return: their number.
 */
unsigned int kcov_compared(struct compared *c, unsigned int max)
{
	__u64 n = nr_entries, i;
	unsigned int found = 0, j;

	/* Loops compare the same values again and again. */
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
