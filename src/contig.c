// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of any size: a window of physical memory is chosen that is cheap to
 * clear; take.c moves what lies in it elsewhere and takes it.
 *
 * Memory is looked at in blocks of the size of a huge page. The cost of a
 * block is the number of its pages that have to move; a block with a page that
 * cannot move is unusable. Windows are tried in the order of their cost. What
 * was taken of one that failed is kept for the next where they overlap.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "compat.h"
#include "kshm.h"

/* A window that fails costs time; so many are tried before giving up. */
#define KSHM_MAX_TRIES		64

/*
 * How often memory is looked at before giving up, and the time in between: a
 * page on its way to an LRU list or under I/O looks as if it could not move.
 */
#define KSHM_LOOKS		8
#define KSHM_LOOK_AGAIN_MS	20

/* To zero a block takes as long as to move so many pages. */
#define KSHM_ZERO_COST		128

/**
 * struct kshm_map - what the blocks of a zone cost
 * @zone:  the zone
 * @start: first page frame of the first block
 * @nr:    number of blocks
 * @cost:  pages to move for each block, or KSHM_BLOCK_UNUSABLE
 * @taken: a bit for each block that a window which failed has left to the next
 */
struct kshm_map {
	struct zone *zone;
	unsigned long start;
	unsigned long nr;
	u16 *cost;
	unsigned long *taken;
};

/**
 * struct kshm_search - one search for memory
 * @maps:      the zones that may be used, the preferred ones first
 * @nr:        number of them
 * @tries:     windows that may still be tried
 * @available: pages that the kernel can do without. Who takes more leaves no
 *	       room for what has to move.
 */
struct kshm_search {
	struct kshm_map *maps;
	int nr;
	int tries;
	unsigned long available;
};

/**
 * struct kshm_window - a row of blocks that might be taken
 * @map:   where it is
 * @first: its first block
 * @cost:  the effort to have it, counted in pages to move
 */
struct kshm_window {
	struct kshm_map *map;
	unsigned long first;
	unsigned long cost;
};

/*
 * Guards the choice and clearing of windows, so that two creators do not move
 * pages into each other's window, and with it the workers of take.c; and each
 * block from being taken twice at once: alloc_contig_range() of the one who
 * comes too late undoes what the other has isolated. Nothing that uses buffers
 * takes it.
 */
static DEFINE_MUTEX(kshm_contig_lock);

/* Number of pages that are free together from a page on; 0 if it is not free. */
static unsigned long kshm_free_run(struct page *page)
{
	unsigned long order;

	if (!PageBuddy(page))
		return 0;
	/* Somebody may have taken it: then this is anything. */
	order = READ_ONCE(page->private);
	return order <= KSHM_MAX_ORDER ? BIT(order) : 0;
}

/* Whether a block is a part of larger free memory, which only says so ahead. */
static bool kshm_block_is_free(unsigned long pfn)
{
	unsigned int order;

	for (order = KSHM_FOLIO_ORDER + 1; order <= KSHM_MAX_ORDER; order++) {
		unsigned long head = round_down(pfn, BIT(order));
		struct page *page = pfn_to_online_page(head);

		if (page && head + kshm_free_run(page) > pfn)
			return true;
	}
	return false;
}

/*
 * Whether a page in use can be moved. Memory of programs and of the page cache
 * lies on an LRU list, or is on its way to one; then it has a mapping. Large
 * folios do not wait on their way; buffers are such.
 */
static bool kshm_page_may_move(struct page *page, struct page *head)
{
	return PageLRU(head) || (!PageCompound(page) && READ_ONCE(page->mapping));
}

static bool kshm_page_is_in(struct page *page, struct zone *zone)
{
	/* It shares a word with flags that others change; it never changes. */
	return data_race(page_zone(page)) == zone;
}

/* A snapshot: pages come and go meanwhile. */
static u16 kshm_block_cost(unsigned long pfn, struct zone *zone)
{
	struct page *page = pfn_to_online_page(pfn);
	struct page *end;
	u16 cost = 0;

	if (!page || !kshm_page_is_in(page, zone))
		return KSHM_BLOCK_UNUSABLE;
	end = page + KSHM_FOLIO_PAGES;
	if (!kshm_page_is_in(end - 1, zone))
		return KSHM_BLOCK_UNUSABLE;
	if (kshm_block_is_free(pfn))
		return 0;

	while (page < end) {
		unsigned long free = kshm_free_run(page);
		struct page *head = compound_head(page);

		if (free) {
			page += free;
			continue;
		}
		if (PageReserved(page) || PageSlab(page))
			return KSHM_BLOCK_UNUSABLE;
		if (page_count(head)) {
			if (!kshm_page_may_move(page, head))
				return KSHM_BLOCK_UNUSABLE;
			cost++;
		}
		page++;
	}
	return cost;
}

static bool kshm_zone_is_wanted(struct zone *zone)
{
	if (!populated_zone(zone) || zone_idx(zone) > ZONE_NORMAL)
		return false;
	/* What ISA devices can reach is too scarce. */
	return !IS_ENABLED(CONFIG_X86) ||
	       zone_end_pfn(zone) > PHYS_PFN(SZ_16M);
}

static unsigned long kshm_block_pfn(const struct kshm_map *map,
				    unsigned long block)
{
	return map->start + block * KSHM_FOLIO_PAGES;
}

/* Leaves the map empty when the zone has no block to offer. */
static int kshm_map_fill(struct kshm_map *map, struct zone *zone,
			 unsigned long last_pfn)
{
	unsigned long end = zone_end_pfn(zone);
	unsigned long i;

	if (end - 1 > last_pfn)
		end = last_pfn + 1;
	map->zone = zone;
	map->start = ALIGN(zone->zone_start_pfn, KSHM_FOLIO_PAGES);
	if (map->start >= end)
		return 0;
	map->nr = (end - map->start) / KSHM_FOLIO_PAGES;
	map->cost = kvmalloc_array(map->nr, sizeof(*map->cost), GFP_KERNEL);
	map->taken = kvcalloc(BITS_TO_LONGS(map->nr), sizeof(*map->taken),
			      GFP_KERNEL);
	if (!map->cost || !map->taken)
		return -ENOMEM;

	for (i = 0; i < map->nr; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		map->cost[i] = kshm_block_cost(kshm_block_pfn(map, i), zone);
		cond_resched();
	}
	return 0;
}

static int kshm_search_add_node(struct kshm_search *search, int node,
				unsigned long last_pfn)
{
	struct zone *zones = NODE_DATA(node)->node_zones;
	int i, err;

	/* High zones first: low memory is what some devices need. */
	for (i = ZONE_NORMAL; i >= 0; i--) {
		if (!kshm_zone_is_wanted(&zones[i]))
			continue;
		err = kshm_map_fill(&search->maps[search->nr++], &zones[i],
				    last_pfn);
		if (err)
			return err;
	}
	return 0;
}

/* Give back what is taken of the blocks from @first to before @end. */
static void kshm_map_give_back(struct kshm_map *map, unsigned long first,
			       unsigned long end)
{
	for (; first < end; first++) {
		if (__test_and_clear_bit(first, map->taken))
			kshm_row_put(pfn_to_page(kshm_block_pfn(map, first)),
				     KSHM_FOLIO_PAGES);
	}
}

static void kshm_search_end(struct kshm_search *search)
{
	while (search->nr--) {
		struct kshm_map *map = &search->maps[search->nr];

		if (map->taken)
			kshm_map_give_back(map, 0, map->nr);
		kvfree(map->taken);
		kvfree(map->cost);
	}
	kvfree(search->maps);
}

/* Look at all memory that @node and @addr_bits allow, near nodes first. */
static int kshm_search_begin(struct kshm_search *search, int node,
			     unsigned int addr_bits)
{
	unsigned long last_pfn = kshm_last_pfn(addr_bits);
	int near = node == NUMA_NO_NODE ? numa_mem_id() : node;
	int nid, err;

	search->nr = 0;
	search->tries = KSHM_MAX_TRIES;
	search->available = max(si_mem_available(), 0L);
	search->maps = kvcalloc(num_online_nodes() * MAX_NR_ZONES,
				sizeof(*search->maps), GFP_KERNEL);
	if (!search->maps)
		return -ENOMEM;

	err = kshm_search_add_node(search, near, last_pfn);
	for_each_online_node(nid) {
		if (err)
			break;
		if (node == NUMA_NO_NODE && nid != near)
			err = kshm_search_add_node(search, nid, last_pfn);
	}
	if (err)
		kshm_search_end(search);
	return err;
}

/* What it takes to have a usable block: moving, zeroing, or nothing. */
static unsigned long kshm_effort(const struct kshm_map *map,
				 unsigned long block)
{
	return test_bit(block, map->taken) ? 0 :
		map->cost[block] + KSHM_ZERO_COST;
}

/* The cheapest window of @blocks blocks. Returns false when there is none. */
static bool kshm_find_window(struct kshm_search *search, unsigned long blocks,
			     struct kshm_window *best)
{
	int i;

	best->cost = ULONG_MAX;
	for (i = 0; i < search->nr; i++) {
		struct kshm_map *map = &search->maps[i];
		unsigned long b, run = 0, cost = 0;

		for (b = 0; b < map->nr; b++) {
			if (map->cost[b] == KSHM_BLOCK_UNUSABLE) {
				run = 0;
				cost = 0;
				continue;
			}
			cost += kshm_effort(map, b);
			if (++run < blocks)
				continue;
			if (run > blocks)
				cost -= kshm_effort(map, b - blocks);
			if (cost < best->cost) {
				best->cost = cost;
				best->map = map;
				best->first = b + 1 - blocks;
			}
		}
	}
	return best->cost != ULONG_MAX;
}

/* Blocks in the longest row of usable ones. */
static unsigned long kshm_longest_run(const struct kshm_search *search)
{
	unsigned long b, run, longest = 0;
	int i;

	for (i = 0; i < search->nr; i++) {
		const struct kshm_map *map = &search->maps[i];

		for (b = 0, run = 0; b < map->nr; b++) {
			run = map->cost[b] == KSHM_BLOCK_UNUSABLE ? 0 : run + 1;
			longest = max(longest, run);
		}
	}
	return longest;
}

/* Give back what the next window, of @nr pages, has no whole block for. */
static void kshm_search_narrow(struct kshm_search *search,
			       const struct kshm_window *next,
			       unsigned long nr)
{
	unsigned long end = next->first + nr / KSHM_FOLIO_PAGES;
	int i;

	for (i = 0; i < search->nr; i++) {
		struct kshm_map *map = &search->maps[i];
		bool here = map == next->map;

		kshm_map_give_back(map, 0, here ? next->first : map->nr);
		if (here)
			kshm_map_give_back(map, end, map->nr);
	}
}

/* Returns the first of @nr pages, -ENOMEM when no window works, -EINTR. */
static struct page *kshm_search_take(struct kshm_search *search,
				     unsigned long nr)
{
	unsigned long blocks = DIV_ROUND_UP(nr, KSHM_FOLIO_PAGES);
	struct kshm_window window;

	if (nr > search->available)
		return ERR_PTR(-ENOMEM);
	while (search->tries && kshm_find_window(search, blocks, &window)) {
		struct kshm_map *map = window.map;
		unsigned long pfn = kshm_block_pfn(map, window.first);
		int err;

		kshm_search_narrow(search, &window, nr);
		err = kshm_take_window(pfn, nr, window.first, map->cost,
				       map->taken);
		if (!err)
			bitmap_clear(map->taken, window.first, blocks);
		/* Nobody would use what a killed program gets. */
		if (fatal_signal_pending(current)) {
			if (!err)
				kshm_row_put(pfn_to_page(pfn), nr);
			return ERR_PTR(-EINTR);
		}
		if (!err)
			return pfn_to_page(pfn);
		search->tries--;
	}
	return ERR_PTR(-ENOMEM);
}

static int kshm_contig_lock_and_look(struct kshm_search *search, int node,
				     unsigned int addr_bits)
{
	int err = mutex_lock_killable(&kshm_contig_lock);

	if (err)
		return err;
	err = kshm_search_begin(search, node, addr_bits);
	if (err)
		mutex_unlock(&kshm_contig_lock);
	return err;
}

static void kshm_contig_unlock(struct kshm_search *search)
{
	kshm_search_end(search);
	mutex_unlock(&kshm_contig_lock);
}

/**
 * kshm_contig_alloc() - clear a window of memory and take it
 * @nr:        number of pages
 * @node:      see struct kshm_spec
 * @addr_bits: see struct kshm_spec
 *
 * Context: process, may sleep long. A fatal signal ends it.
 * Return: the first page of a zeroed row, -ENOMEM or -EINTR.
 */
struct page *kshm_contig_alloc(unsigned long nr, int node,
			       unsigned int addr_bits)
{
	struct kshm_search search;
	struct page *page;
	int err, looks = 0;

	for (;;) {
		err = kshm_contig_lock_and_look(&search, node, addr_bits);
		if (err)
			return ERR_PTR(err);
		page = kshm_search_take(&search, nr);
		kshm_contig_unlock(&search);
		if (PTR_ERR_OR_ZERO(page) != -ENOMEM || ++looks == KSHM_LOOKS)
			return page;
		schedule_timeout_killable(msecs_to_jiffies(KSHM_LOOK_AGAIN_MS));
	}
}

/**
 * kshm_contig_largest() - how much could be had, tried out
 * @nr:        number of pages that could not be had
 * @node:      see struct kshm_spec
 * @addr_bits: see struct kshm_spec
 *
 * Context: process, may sleep long. A fatal signal ends it.
 * Return: a number of pages, whole huge pages; 0 for none or after a signal.
 */
unsigned long kshm_contig_largest(unsigned long nr, int node,
				  unsigned int addr_bits)
{
	unsigned long blocks = (nr - 1) / KSHM_FOLIO_PAGES;
	struct kshm_search search;
	struct page *page;

	if (kshm_contig_lock_and_look(&search, node, addr_bits))
		return 0;
	/* A little less than is there now, as it must be there again. */
	search.available -= search.available / 64;
	blocks = min(blocks, search.available / KSHM_FOLIO_PAGES);
	while ((blocks = min(blocks, kshm_longest_run(&search)))) {
		page = kshm_search_take(&search, blocks * KSHM_FOLIO_PAGES);
		if (!IS_ERR(page)) {
			kshm_row_put(page, blocks * KSHM_FOLIO_PAGES);
			break;
		}
		if (PTR_ERR(page) == -EINTR) {
			blocks = 0;
			break;
		}
		/* Not a window left of this size, or too many tried. */
		if (!search.tries) {
			search.tries = KSHM_MAX_TRIES;
			blocks -= DIV_ROUND_UP(blocks, 16);
		}
	}
	kshm_contig_unlock(&search);
	return blocks * KSHM_FOLIO_PAGES;
}

/**
 * kshm_contig_retake() - swap single pages for folios at the same place
 * @first: first page of a row of single pages, aligned to a folio
 * @nr:    number of pages
 *
 * For kernels that make folios only when they allocate: each block is given
 * back and taken again as a folio.
 *
 * Context: process, may sleep long.
 * Return: 0; an errno when somebody else got a page in between, or after a
 * fatal signal: then the whole row is gone.
 */
int kshm_contig_retake(struct page *first, unsigned long nr)
{
	unsigned long i, j;
	int err;

	if (!KSHM_CAN_TAKE_FOLIO)
		return 0;
	err = mutex_lock_killable(&kshm_contig_lock);
	if (err) {
		kshm_row_put(first, nr);
		return err;
	}
	for (i = 0; nr - i >= KSHM_FOLIO_PAGES; i += KSHM_FOLIO_PAGES) {
		for (j = 0; j < KSHM_FOLIO_PAGES; j++)
			__free_page(first + i + j);
		err = kshm_take_folio(page_to_pfn(first + i));
		if (err) {
			kshm_row_put(first, i);
			i += KSHM_FOLIO_PAGES;
			kshm_row_put(first + i, nr - i);
			break;
		}
	}
	mutex_unlock(&kshm_contig_lock);
	return err;
}
