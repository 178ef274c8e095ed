// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking for a range that can be allocated. Nothing here allocates or migrates
 * memory, and nothing but the arrays of the scan is changed.
 *
 * Memory is judged in blocks of the size of a huge page-table entry. The cost of
 * a block is the number of its pages that have to be migrated, where some count
 * as several; a block with a page that cannot be migrated is unusable. A scan is
 * a snapshot: pages are allocated and freed meanwhile. Only an attempt shows the
 * truth, so what it has shown is kept.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/buffer_head.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/page-flags.h>
#include <linux/pfn.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "../compat/pageblock.h"
#include "contig_scan.h"
#include "internal.h"

/*
 * Zeroing a block takes about as long as migrating this many pages: a migrated
 * page is copied, unmapped and remapped, some four times the work of zeroing
 * it. Without it a window of free blocks would be as good as one that is partly
 * taken already.
 */
#define KSHM_ZERO_COST		(KSHM_BLOCK_PAGES / 4)

/*
 * A page with buffers is migrated after their I/O, and metadata of a file system
 * may become busy at any time. So other memory comes first.
 */
#define KSHM_BUFFERS_COST	8

/*
 * A page that somebody has a reference to cannot be migrated until that is gone.
 * It is as bad as two blocks full of pages that can be migrated.
 */
#define KSHM_HELD_COST		(KSHM_BLOCK_PAGES * 2)

/* A block that has failed is tried when nothing else is left. */
#define KSHM_FAILED_COST	(KSHM_BLOCK_PAGES * 64)

/* A block that costs more than one full of simple pages may well fail. */
#define KSHM_DOUBTFUL_COST	(KSHM_BLOCK_PAGES + KSHM_ZERO_COST)

/* Number of pages that are free together from a page on; 0 if it is not free. */
static unsigned long kshm_buddy_nr_pages(struct page *page)
{
	unsigned long order;

	if (!PageBuddy(page))
		return 0;
	/* It may have been allocated since: then this is anything. */
	order = READ_ONCE(page->private);
	return order <= MAX_PAGE_ORDER ? BIT(order) : 0;
}

/*
 * Whether a block is a part of a larger free block. The order is stored in the
 * first page only, so look at the places where such a block could start.
 */
static bool kshm_block_is_free(unsigned long pfn)
{
	unsigned int order;

	for (order = KSHM_BLOCK_ORDER + 1; order <= MAX_PAGE_ORDER; order++) {
		unsigned long head = round_down(pfn, BIT(order));
		struct page *page = kshm_hotplug_page(head);

		if (page && head + kshm_buddy_nr_pages(page) > pfn)
			return true;
	}
	return false;
}

/*
 * Whether a page that is not free can be migrated. Memory of programs and of
 * the page cache is on an LRU list, or on its way to one; then it has a mapping
 * and is no compound page. Compound pages off the LRU are hugetlb pages, used
 * or free, and large allocations of the kernel, some without a reference. The
 * kernel could migrate or dissolve a hugetlb page, but its administrator has
 * reserved it. It could migrate pages of a balloon, too, but the host takes part
 * in each of them, one at a time: that takes seconds, and often fails.
 */
static bool kshm_page_is_movable(struct page *page)
{
	if (PageReserved(page) || PageSlab(page) || PageTable(page) ||
	    PageHWPoison(page) || PageOffline(page))
		return false;
	if (PageCompound(page))
		return PageLRU(compound_head(page));
	return PageLRU(page) || READ_ONCE(page->mapping) ||
	       page_has_movable_ops(page);
}

/*
 * Whether a page waits for its processor to put it on an LRU list. A page of a
 * buffer looks like one.
 */
bool kshm_page_waits_for_lru(struct page *page)
{
	return page_count(page) && !PageLRU(page) && !PageCompound(page) &&
	       kshm_page_is_movable(page) && !page_has_movable_ops(page);
}

/*
 * References to a single page on an LRU list that migration does not expect. The
 * page cache and the swap cache have one; it is subtracted from an anonymous page
 * without a place in swap, too, as only the page's lock would tell.
 */
static int kshm_page_extra_refs(struct page *page)
{
	int expected = 1 + PagePrivate(page);

	return page_count(page) - expected -
	       (atomic_read(&page->_mapcount) + 1);
}

/* Whether somebody uses a buffer of a locked page. */
static bool kshm_buffers_are_busy(struct page *page)
{
	struct buffer_head *head = (struct buffer_head *)page_private(page);
	struct buffer_head *bh = head;

	do {
		if (atomic_read(&bh->b_count))
			return true;
		bh = bh->b_this_page;
	} while (bh != head);
	return false;
}

/*
 * Whether a single page of a block device has a busy buffer: then it cannot be
 * migrated. File systems keep buffers of their metadata, their journal until it
 * has written it to its place. The lock keeps mapping and buffers.
 */
static bool kshm_page_is_busy_metadata(struct page *page)
{
	struct address_space *mapping;
	bool busy = false;

	if (!get_page_unless_zero(page))
		return false;
	/* With a reference it stays what it is now. */
	if (!PageLRU(page) || PageCompound(page) || PageAnon(page) ||
	    !trylock_page(page))
		goto out_put;
	mapping = page->mapping;
	if (mapping && mapping->host && S_ISBLK(mapping->host->i_mode) &&
	    PagePrivate(page))
		busy = kshm_buffers_are_busy(page);
	unlock_page(page);
out_put:
	put_page(page);
	return busy;
}

/* The cost of a page that is in use; 0 when it cannot be migrated. */
static unsigned long kshm_page_cost(struct page *page)
{
	int extra;

	if (!kshm_page_is_movable(page))
		return 0;
	if (PageCompound(page))
		return 1;
	/* On its way to an LRU list: its buffers cannot be looked at. */
	if (!PageLRU(page))
		return PagePrivate(page) && !page_has_movable_ops(page) ? 0 : 1;
	extra = kshm_page_extra_refs(page);
	/* A pin is for I/O, or for as long as a program likes. */
	if (extra > 0)
		return extra + 1U >= GUP_PIN_COUNTING_BIAS ? 0 : KSHM_HELD_COST;
	if (!PagePrivate(page))
		return 1;
	return kshm_page_is_busy_metadata(page) ? 0 : KSHM_BUFFERS_COST;
}

static bool kshm_page_in_zone(struct page *page, struct zone *zone)
{
	/* It shares a word with flags that change, but does not change itself. */
	return data_race(page_zone(page)) == zone;
}

/* Whether a page that is not on a free list is in use. */
static bool kshm_page_is_in_use(struct page *page)
{
	/* Without a reference: on its way to the free lists. */
	return page_count(page) || PageCompound(page) || PageHWPoison(page) ||
	       PageOffline(page);
}

/*
 * Whether a page is free, or can be freed by migrating it. Unlike above, pages
 * off the LRU are not: most of those with a mapping are a buffer's.
 */
bool kshm_page_may_become_free(struct page *page)
{
	return !kshm_page_is_in_use(page) || PageLRU(compound_head(page)) ||
	       page_has_movable_ops(page);
}

static u16 kshm_block_cost(unsigned long pfn, struct zone *zone)
{
	unsigned long end = pfn + KSHM_BLOCK_PAGES;
	struct page *page = kshm_hotplug_page(pfn);
	struct page *last = kshm_hotplug_page(end - 1);
	unsigned long cost = 0;

	if (!page || !kshm_page_in_zone(page, zone) ||
	    !last || !kshm_page_in_zone(last, zone))
		return KSHM_BLOCK_UNUSABLE;
	/* Somebody else's: the page allocator would refuse both. */
	if (kshm_pageblock_is_isolated(page) || kshm_pageblock_is_cma(page))
		return KSHM_BLOCK_UNUSABLE;
	if (kshm_block_is_free(pfn))
		return 0;

	while (pfn < end) {
		unsigned long free, page_cost;

		page = pfn_to_page(pfn);
		free = kshm_buddy_nr_pages(page);
		if (free) {
			pfn += free;
			continue;
		}
		if (kshm_page_is_in_use(page)) {
			page_cost = kshm_page_cost(page);
			if (!page_cost)
				return KSHM_BLOCK_UNUSABLE;
			cost += page_cost;
		}
		pfn++;
	}
	return min(cost, KSHM_BLOCK_UNUSABLE - 1UL);
}

unsigned long kshm_block_pfn(const struct kshm_scan_zone *zone,
			     unsigned long block)
{
	return zone->start + block * KSHM_BLOCK_PAGES;
}

/* A buffer of kshm is not movable, whatever its pages look like. */
static void kshm_scan_exclude(unsigned long pfn, unsigned long nr, void *data)
{
	struct kshm_scan_zone *zone = data;
	unsigned long block, end = pfn + nr;

	if (end <= zone->start)
		return;
	block = pfn > zone->start ? (pfn - zone->start) / KSHM_BLOCK_PAGES : 0;
	for (; block < zone->nr && kshm_block_pfn(zone, block) < end; block++)
		zone->cost[block] = KSHM_BLOCK_UNUSABLE;
}

/* Blocks that one call allocates together are as unusable as the worst. */
static void kshm_scan_spread_unusable(struct kshm_scan_zone *zone)
{
	unsigned long number = zone->start / KSHM_BLOCK_PAGES;
	unsigned long first, end, i;

	for (first = 0; first < zone->nr; first = end) {
		bool unusable = false;

		end = min(round_up(number + first + 1, KSHM_UNIT_BLOCKS) -
			  number, zone->nr);
		for (i = first; i < end; i++)
			unusable |= zone->cost[i] == KSHM_BLOCK_UNUSABLE;
		for (i = first; unusable && i < end; i++)
			zone->cost[i] = KSHM_BLOCK_UNUSABLE;
	}
}

static int kshm_scan_zone_update(struct kshm_scan_zone *zone)
{
	unsigned long i;

	for (i = 0; i < zone->nr; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (test_bit(i, zone->taken))
			continue;
		/* Time has passed: one more attempt. */
		if (zone->failed[i] == KSHM_BLOCK_MAX_FAILURES)
			zone->failed[i]--;
		kshm_hotplug_read_lock();
		zone->cost[i] = kshm_block_cost(kshm_block_pfn(zone, i),
						zone->zone);
		kshm_hotplug_read_unlock();
		cond_resched();
	}
	kshm_range_for_each(kshm_scan_exclude, zone);
	if (KSHM_UNIT_BLOCKS > 1)
		kshm_scan_spread_unusable(zone);
	return 0;
}

/* Movable zones are no place for memory that cannot be migrated. */
static bool kshm_zone_is_eligible(struct zone *zone)
{
	if (!populated_zone(zone) || zone_idx(zone) > ZONE_NORMAL)
		return false;
	/* Leave the 16 MiB of ZONE_DMA to ISA devices. */
	return !IS_ENABLED(CONFIG_X86) ||
	       zone_end_pfn(zone) > PHYS_PFN(SZ_16M);
}

/* Adds nothing when the zone has no block to offer. */
static int kshm_scan_add_zone(struct kshm_scan *scan, struct zone *zone)
{
	struct kshm_scan_zone *new = &scan->zones[scan->nr];
	unsigned long start = max(zone->zone_start_pfn, scan->min_pfn);
	unsigned long end = zone_end_pfn(zone);

	if (end - 1 > scan->max_pfn)
		end = scan->max_pfn + 1;
	start = ALIGN(start, KSHM_BLOCK_PAGES);
	if (start >= end)
		return 0;
	new->zone = zone;
	new->start = start;
	new->nr = DIV_ROUND_UP(end - start, KSHM_BLOCK_PAGES);
	new->cost = kvcalloc(new->nr, sizeof(*new->cost), GFP_KERNEL);
	new->failed = kvcalloc(new->nr, sizeof(*new->failed), GFP_KERNEL);
	new->taken = kvcalloc(BITS_TO_LONGS(new->nr), sizeof(*new->taken),
			      GFP_KERNEL);
	scan->nr++;
	if (!new->cost || !new->failed || !new->taken)
		return -ENOMEM;
	kshm_failures_mark(new);
	return 0;
}

/* High zones first: low memory is what some devices need. */
static int kshm_scan_add_node(struct kshm_scan *scan, int node)
{
	struct zone *zones = NODE_DATA(node)->node_zones;
	int i, err = 0;

	for (i = ZONE_NORMAL; i >= 0 && !err; i--) {
		if (kshm_zone_is_eligible(&zones[i]))
			err = kshm_scan_add_zone(scan, &zones[i]);
	}
	return err;
}

/**
 * kshm_scan_begin() - find the zones of a request
 * @scan: result; kshm_scan_update() fills in the costs
 * @spec: what the request allows
 *
 * Context: process, may sleep.
 * Return: 0; -ENOMEM, then there is nothing to end.
 */
int kshm_scan_begin(struct kshm_scan *scan, const struct kshm_mem_spec *spec)
{
	int near = spec->node == NUMA_NO_NODE ? numa_mem_id() : spec->node;
	int nid, err;

	scan->nr = 0;
	scan->min_pfn = kshm_spec_min_pfn(spec);
	scan->max_pfn = kshm_spec_max_pfn(spec);
	scan->align = max_t(u64, spec->align >> PAGE_SHIFT, KSHM_BLOCK_PAGES);
	scan->zones = kvcalloc(nr_node_ids * MAX_NR_ZONES,
			       sizeof(*scan->zones), GFP_KERNEL);
	if (!scan->zones)
		return -ENOMEM;

	err = kshm_scan_add_node(scan, near);
	for_each_online_node(nid) {
		if (err)
			break;
		if (spec->node == NUMA_NO_NODE && nid != near)
			err = kshm_scan_add_node(scan, nid);
	}
	if (err)
		kshm_scan_end(scan);
	return err;
}

/**
 * kshm_scan_update() - look at all blocks
 * @scan: the scan; what has failed and what is taken stays
 *
 * Context: process, may sleep.
 * Return: 0, or -EINTR after a fatal signal.
 */
int kshm_scan_update(struct kshm_scan *scan)
{
	int i, err = 0;

	/* Each processor keeps some buffers, only to find them again soon. */
	invalidate_bh_lrus();
	for (i = 0; i < scan->nr && !err; i++)
		err = kshm_scan_zone_update(&scan->zones[i]);
	return err;
}

/**
 * kshm_scan_release() - free what is taken of some blocks
 * @zone:  their zone
 * @first: the first block
 * @end:   the block after the last one
 *
 * Context: process, may sleep.
 */
void kshm_scan_release(struct kshm_scan_zone *zone, unsigned long first,
		       unsigned long end)
{
	for (; first < end; first++) {
		if (__test_and_clear_bit(first, zone->taken))
			kshm_range_free(kshm_block_pfn(zone, first),
					KSHM_BLOCK_PAGES);
	}
}

/**
 * kshm_scan_release_outside() - free what the next window does not need
 * @scan:   the scan
 * @window: the next window
 * @nr:     its size in pages; a block that it does not fill is freed, too
 *
 * Context: process, may sleep.
 */
void kshm_scan_release_outside(struct kshm_scan *scan,
			       const struct kshm_window *window,
			       unsigned long nr)
{
	unsigned long end = window->first + nr / KSHM_BLOCK_PAGES;
	int i;

	for (i = 0; i < scan->nr; i++) {
		struct kshm_scan_zone *zone = &scan->zones[i];

		if (zone != window->zone) {
			kshm_scan_release(zone, 0, zone->nr);
			continue;
		}
		kshm_scan_release(zone, 0, window->first);
		kshm_scan_release(zone, end, zone->nr);
	}
}

/**
 * kshm_scan_end() - free all that is taken, and the scan's own memory
 * @scan: the scan
 *
 * Context: process, may sleep.
 */
void kshm_scan_end(struct kshm_scan *scan)
{
	int i;

	for (i = 0; i < scan->nr; i++) {
		struct kshm_scan_zone *zone = &scan->zones[i];

		if (zone->taken)
			kshm_scan_release(zone, 0, zone->nr);
		kvfree(zone->taken);
		kvfree(zone->failed);
		kvfree(zone->cost);
	}
	kvfree(scan->zones);
}

static bool kshm_block_is_usable(const struct kshm_scan_zone *zone,
				 unsigned long block)
{
	return zone->cost[block] != KSHM_BLOCK_UNUSABLE &&
	       zone->failed[block] < KSHM_BLOCK_MAX_FAILURES;
}

/* What a usable block costs: migrating and zeroing, or nothing. */
static unsigned long kshm_block_alloc_cost(const struct kshm_scan_zone *zone,
					   unsigned long block)
{
	if (test_bit(block, zone->taken))
		return 0;
	return zone->cost[block] + KSHM_ZERO_COST +
	       zone->failed[block] * KSHM_FAILED_COST;
}

/* Whether a window may begin at a block and be @nr pages large. */
static bool kshm_window_fits(const struct kshm_scan *scan,
			     const struct kshm_scan_zone *zone,
			     unsigned long block, unsigned long nr)
{
	unsigned long pfn = kshm_block_pfn(zone, block);

	return IS_ALIGNED(pfn, scan->align) && pfn + nr - 1 <= scan->max_pfn;
}

static void kshm_zone_find_window(const struct kshm_scan *scan,
				  struct kshm_scan_zone *zone,
				  unsigned long nr, struct kshm_window *best)
{
	unsigned long blocks = DIV_ROUND_UP(nr, KSHM_BLOCK_PAGES);
	unsigned long b, first, run = 0, cost = 0;

	for (b = 0; b < zone->nr; b++) {
		if (!kshm_block_is_usable(zone, b)) {
			run = 0;
			cost = 0;
			continue;
		}
		cost += kshm_block_alloc_cost(zone, b);
		if (++run < blocks)
			continue;
		first = b + 1 - blocks;
		if (run > blocks)
			cost -= kshm_block_alloc_cost(zone, first - 1);
		if (cost < best->cost &&
		    kshm_window_fits(scan, zone, first, nr)) {
			best->cost = cost;
			best->zone = zone;
			best->first = first;
		}
	}
}

/**
 * kshm_scan_find_window() - find the cheapest window
 * @scan: the scan
 * @nr:   size of the window in pages
 * @best: result
 *
 * Of windows with the same cost it is the one in the preferred zone, and there
 * the lowest.
 *
 * Context: any.
 * Return: false when there is none.
 */
bool kshm_scan_find_window(const struct kshm_scan *scan, unsigned long nr,
			   struct kshm_window *best)
{
	int i;

	best->cost = ULONG_MAX;
	for (i = 0; i < scan->nr; i++)
		kshm_zone_find_window(scan, &scan->zones[i], nr, best);
	return best->cost != ULONG_MAX;
}

/**
 * kshm_window_find_doubtful() - the block of a window that will most likely fail
 * @window: the window
 * @nr:     its size in pages
 * @block:  result, counted from the window's first
 *
 * Context: any.
 * Return: false when no block is doubtful; those that are taken are not.
 */
bool kshm_window_find_doubtful(const struct kshm_window *window,
			       unsigned long nr, unsigned long *block)
{
	unsigned long blocks = DIV_ROUND_UP(nr, KSHM_BLOCK_PAGES);
	unsigned long i, cost, worst = KSHM_DOUBTFUL_COST;

	for (i = 0; i < blocks; i++) {
		cost = kshm_block_alloc_cost(window->zone, window->first + i);
		if (cost > worst) {
			worst = cost;
			*block = i;
		}
	}
	return worst > KSHM_DOUBTFUL_COST;
}

/* Pages of a run of blocks that a window may have. */
static unsigned long kshm_run_pages(const struct kshm_scan *scan,
				    unsigned long pfn, unsigned long end)
{
	pfn = ALIGN(pfn, scan->align);
	if (end - 1 > scan->max_pfn)
		end = scan->max_pfn + 1;
	return pfn < end ? end - pfn : 0;
}

/**
 * kshm_scan_longest() - the size of the largest window
 * @scan: the scan
 *
 * Of blocks that have never failed, so that it is a size that succeeds.
 *
 * Context: any.
 * Return: pages.
 */
unsigned long kshm_scan_longest(const struct kshm_scan *scan)
{
	unsigned long b, first, longest = 0;
	int i;

	for (i = 0; i < scan->nr; i++) {
		const struct kshm_scan_zone *zone = &scan->zones[i];

		for (b = 0, first = 0; b < zone->nr; b++) {
			if (zone->cost[b] == KSHM_BLOCK_UNUSABLE ||
			    zone->failed[b]) {
				first = b + 1;
				continue;
			}
			longest = max(longest,
				      kshm_run_pages(scan,
						     kshm_block_pfn(zone, first),
						     kshm_block_pfn(zone, b + 1)));
		}
	}
	return longest;
}

/**
 * kshm_scan_total() - how much memory a request could have at most
 * @scan: the scan; need not be up to date
 *
 * Context: any.
 * Return: pages of the largest zone that is allowed, holes included.
 */
unsigned long kshm_scan_total(const struct kshm_scan *scan)
{
	unsigned long total = 0;
	int i;

	for (i = 0; i < scan->nr; i++)
		total = max(total, scan->zones[i].nr * KSHM_BLOCK_PAGES);
	return total;
}

/**
 * kshm_scan_taken() - how much memory is taken for the next window
 * @scan: the scan
 *
 * Context: any.
 * Return: pages.
 */
unsigned long kshm_scan_taken(const struct kshm_scan *scan)
{
	unsigned long blocks = 0;
	int i;

	for (i = 0; i < scan->nr; i++)
		blocks += bitmap_weight(scan->zones[i].taken,
					scan->zones[i].nr);
	return blocks * KSHM_BLOCK_PAGES;
}
