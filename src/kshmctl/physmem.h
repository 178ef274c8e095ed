/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory, page by page, as /proc/zoneinfo and /proc/kpageflags show it. */
#ifndef KSHMCTL_PHYSMEM_H
#define KSHMCTL_PHYSMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * enum page_kind - what a page is for one who wants a buffer there
 * @PAGE_HOLE: no memory
 * @PAGE_FREE: free
 * @PAGE_MOVABLE: in use, but it can be migrated or reclaimed
 * @PAGE_UNMOVABLE: the kernel's, a hugetlb page, poisoned, or in ZONE_MOVABLE
 * @PAGE_KSHM: in a buffer of /dev/kshmN
 * @PAGE_KINDS: number of kinds
 */
enum page_kind {
	PAGE_HOLE,
	PAGE_FREE,
	PAGE_MOVABLE,
	PAGE_UNMOVABLE,
	PAGE_KSHM,
	PAGE_KINDS,
};

/**
 * struct zone_span - page frames of a zone; there may be holes, and pages of others
 * @node: NUMA node
 * @movable: whether it is ZONE_MOVABLE
 * @start: first page frame
 * @end: the one after the last
 */
struct zone_span {
	int node;
	bool movable;
	uint64_t start;
	uint64_t end;
};

/* All zones that have memory, by node and address. Ends the program on failure. */
size_t zones_read(struct zone_span **zones);

/**
 * struct physmem - looks at pages in the order of their addresses
 * @fd: /proc/kpageflags
 * @zones: all zones
 * @nzones: how many
 * @buffers: pages of buffers, by their start
 * @nbuffers: how many
 * @next: the first buffer that does not end before the page
 * @movable: whether the last page, or the head of its compound page, is on an LRU list
 */
struct physmem {
	int fd;
	struct zone_span *zones;
	size_t nzones;
	struct zone_span *buffers;
	size_t nbuffers;
	size_t next;
	bool movable;
};

/* Ends the program on failure, with a reason. */
void physmem_open(struct physmem *mem);
void physmem_close(struct physmem *mem);

/* Begin at a lower address again. */
void physmem_rewind(struct physmem *mem);

/*
 * The kinds of @n pages from page frame @pfn on; none of them lies before those of the
 * last call.
 */
void physmem_read(struct physmem *mem, uint64_t pfn, size_t n, unsigned char *kinds);

#endif /* KSHMCTL_PHYSMEM_H */
