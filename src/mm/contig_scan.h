/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a range could be allocated: the cost of each block of memory, and the
 * cheapest window of blocks.
 */
#ifndef KSHM_CONTIG_SCAN_H
#define KSHM_CONTIG_SCAN_H

#include <linux/limits.h>
#include <linux/types.h>

struct kshm_mem_spec;
struct page;
struct zone;

/* The cost of a block that cannot be allocated. */
#define KSHM_BLOCK_UNUSABLE	U16_MAX

/* A block that has failed in this many windows is not tried until the next scan. */
#define KSHM_BLOCK_MAX_FAILURES	3

/**
 * struct kshm_scan_zone - the blocks of a zone
 * @zone:   the zone
 * @start:  first page frame of the first block
 * @nr:     number of blocks
 * @cost:   of each block: pages to migrate, difficult ones counted as several;
 *	    or KSHM_BLOCK_UNUSABLE
 * @failed: in how many windows each block could not be allocated, a request
 *	    before this one counted as one; kept when the zone is scanned again
 * @taken:  a bit for each block that is allocated: by a window that failed, for
 *	    the next window
 */
struct kshm_scan_zone {
	struct zone *zone;
	unsigned long start;
	unsigned long nr;
	u16 *cost;
	u8 *failed;
	unsigned long *taken;
};

/**
 * struct kshm_scan - the memory that one request may use
 * @zones:   its zones, in the order of preference
 * @nr:      number of them
 * @min_pfn: first page frame that may be used
 * @max_pfn: last page frame that may be used
 * @align:   alignment of a window, pages, a power of two; at least a block
 */
struct kshm_scan {
	struct kshm_scan_zone *zones;
	int nr;
	unsigned long min_pfn;
	unsigned long max_pfn;
	unsigned long align;
};

/**
 * struct kshm_window - adjacent blocks that might be allocated
 * @zone:  where they are
 * @first: the first block
 * @cost:  of all of them: pages to migrate, and zeroing counted as such
 */
struct kshm_window {
	struct kshm_scan_zone *zone;
	unsigned long first;
	unsigned long cost;
};

int kshm_scan_begin(struct kshm_scan *scan, const struct kshm_mem_spec *spec);
int kshm_scan_update(struct kshm_scan *scan);
void kshm_scan_end(struct kshm_scan *scan);
void kshm_scan_release(struct kshm_scan_zone *zone, unsigned long first,
		       unsigned long end);
void kshm_scan_release_outside(struct kshm_scan *scan,
			       const struct kshm_window *window,
			       unsigned long nr);

bool kshm_page_waits_for_lru(struct page *page);
bool kshm_page_may_become_free(struct page *page);
unsigned long kshm_block_pfn(const struct kshm_scan_zone *zone,
			     unsigned long block);
bool kshm_scan_find_window(const struct kshm_scan *scan, unsigned long nr,
			   struct kshm_window *best);
bool kshm_window_find_doubtful(const struct kshm_window *window,
			       unsigned long nr, unsigned long *block);
unsigned long kshm_scan_longest(const struct kshm_scan *scan);
unsigned long kshm_scan_total(const struct kshm_scan *scan);
unsigned long kshm_scan_taken(const struct kshm_scan *scan);

/* contig_failures.c */
void kshm_failure_add(unsigned long pfn);
void kshm_failure_remove(unsigned long pfn);
void kshm_failures_mark(struct kshm_scan_zone *zone);

#endif /* KSHM_CONTIG_SCAN_H */
