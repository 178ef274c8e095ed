// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocating a chosen window. The page allocator migrates what is in it.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "../compat/pageblock.h"
#include "contig_scan.h"
#include "internal.h"

/*
 * Allocating a block mostly waits: for RCU, and for each processor to drain its
 * lists. That many workers wait at the same time. With twice as many, a range
 * of 1 GiB takes as long.
 */
#define KSHM_ALLOC_WORKERS	16

/*
 * How often a busy block is tried again, and the time before the first retry,
 * which doubles each time. A page that is read, or being migrated, is busy for
 * some milliseconds, on a slow machine for longer.
 */
#define KSHM_BUSY_RETRIES	5
#define KSHM_BUSY_DELAY_US	1000

/*
 * Up to this number of blocks that may well fail are tried before the others, one
 * by one. If one of them fails, no work is lost. A window with many of them will
 * fail at one of the first.
 */
#define KSHM_MAX_PROBES		4

static struct workqueue_struct *kshm_alloc_wq;

/*
 * One request at a time looks for a window and allocates it, so that two do not
 * migrate pages into each other's window; guards the workers below, and each
 * block from two allocations at once: the one that comes second would undo the
 * isolation of the first. Nothing that uses buffers takes it.
 */
DEFINE_MUTEX(kshm_contig_lock);

/**
 * struct kshm_range_alloc - a window that several workers allocate
 * @zone:     where it is; @taken tells what is allocated
 * @offset:   its first block in @zone
 * @pfn:      its first page frame
 * @nr:       number of pages
 * @first:    number of the first block, counted from page frame 0
 * @blocks:   number of blocks; the last one need not be whole
 * @next:     the next group that a free worker allocates
 * @failed:   some block could not be allocated, so the window cannot be
 * @killed:   a fatal signal has come
 */
struct kshm_range_alloc {
	struct kshm_scan_zone *zone;
	unsigned long offset;
	unsigned long pfn;
	unsigned long nr;
	unsigned long first;
	unsigned long blocks;
	atomic_long_t next;
	bool failed;
	bool killed;
};

/**
 * struct kshm_range_work - one of the workers
 * @work:  of kshm_alloc_wq
 * @range: what it works at
 */
struct kshm_range_work {
	struct work_struct work;
	struct kshm_range_alloc *range;
};

/* Whether a block is online, and nobody else has isolated it. */
static bool kshm_block_is_available(unsigned long pfn)
{
	struct page *page = kshm_hotplug_page(pfn);

	return page && !kshm_pageblock_is_isolated(page) &&
	       !kshm_pageblock_is_cma(page);
}

/*
 * Also asked right before each call of alloc_contig_range(), which would undo the
 * isolation that somebody else began before it; see hotplug.c.
 */
static bool kshm_blocks_are_available(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	for (; pfn < end; pfn += KSHM_BLOCK_PAGES) {
		if (!kshm_block_is_available(pfn))
			return false;
	}
	return true;
}

/* As single pages, made into folios where the kernel allows it. */
static int kshm_alloc_block_pages(unsigned long pfn, unsigned long nr)
{
	int err;

	if (!kshm_blocks_are_available(pfn, nr))
		return -EBUSY;
	err = kshm_alloc_contig_pages(pfn, nr);
	if (err)
		return err;
	if (!kshm_contig_pages_are_zeroed()) {
		err = kshm_range_zero(pfn, nr);
		if (err) {
			kshm_range_free(pfn, nr);
			return err;
		}
	}
	return kshm_range_make_folios(pfn, nr);
}

static int kshm_alloc_block_folio(unsigned long pfn)
{
	if (!kshm_block_is_available(pfn))
		return -EBUSY;
	return kshm_alloc_contig_folio(pfn);
}

/* Whether a block has a page that can neither be freed nor migrated. */
static bool kshm_block_is_unmovable(unsigned long pfn)
{
	unsigned long end = pfn + KSHM_BLOCK_PAGES;

	for (; pfn < end; pfn++) {
		if (!kshm_page_may_become_free(pfn_to_page(pfn)))
			return true;
	}
	return false;
}

/*
 * The first page of the buddy block is allocated meanwhile, so that both cannot
 * merge; see kshm_alloc_contig_folio(). Where it cannot be allocated, because it
 * is busy or somebody has isolated it since, single pages will do: these may be
 * cut out of a merged block. A buddy with an unmovable page is never free.
 */
static int kshm_alloc_block_guarded(unsigned long pfn)
{
	struct page *guard = kshm_hotplug_page(pfn ^ KSHM_BLOCK_PAGES);
	int err;

	if (!guard || kshm_block_is_unmovable(page_to_pfn(guard)))
		return kshm_alloc_block_folio(pfn);
	if (kshm_pageblock_is_isolated(guard))
		return -EBUSY;
	if (kshm_pageblock_is_cma(guard))
		return kshm_alloc_block_pages(pfn, KSHM_BLOCK_PAGES);
	if (kshm_alloc_contig_pages(page_to_pfn(guard), 1)) {
		kshm_hotplug_alloc_failed();
		return kshm_alloc_block_pages(pfn, KSHM_BLOCK_PAGES);
	}
	err = kshm_alloc_block_folio(pfn);
	__free_page(guard);
	return err;
}

/* @guarded: the buddy block is kshm's already. */
static int kshm_alloc_unit(unsigned long pfn, unsigned long nr, bool guarded)
{
	int err = -EBUSY;

	kshm_hotplug_read_lock();
	if (kshm_blocks_are_available(pfn, nr)) {
		if (!KSHM_CAN_ALLOC_FOLIO || nr != KSHM_BLOCK_PAGES)
			err = kshm_alloc_block_pages(pfn, nr);
		else if (guarded || KSHM_GROUP_BLOCKS == 1)
			err = kshm_alloc_block_folio(pfn);
		else
			err = kshm_alloc_block_guarded(pfn);
		if (err)
			kshm_hotplug_alloc_failed();
	}
	kshm_hotplug_read_unlock();
	if (!err && kshm_range_has_hwpoison(pfn, nr)) {
		kshm_range_free(pfn, nr);
		err = -EBUSY;
	}
	return err;
}

/* How many blocks, from @block on, one call allocates. */
static unsigned long kshm_unit_blocks(const struct kshm_range_alloc *range,
				      unsigned long block)
{
	unsigned long number = range->first + block;

	return min(round_up(number + 1, KSHM_UNIT_BLOCKS) - number,
		   range->blocks - block);
}

/* Pages of the window in @blocks blocks from @block on. */
static unsigned long kshm_unit_pages(const struct kshm_range_alloc *range,
				     unsigned long block, unsigned long blocks)
{
	return min(blocks * KSHM_BLOCK_PAGES,
		   range->nr - block * KSHM_BLOCK_PAGES);
}

static bool kshm_block_is_taken(const struct kshm_range_alloc *range,
				unsigned long block)
{
	return test_bit(range->offset + block, range->zone->taken);
}

/* Whether a block's buddy is in the window and allocated. */
static bool kshm_buddy_is_taken(const struct kshm_range_alloc *range,
				unsigned long block)
{
	unsigned long buddy = (range->first + block) ^ 1;

	return buddy >= range->first &&
	       buddy < range->first + range->blocks &&
	       kshm_block_is_taken(range, buddy - range->first);
}

static unsigned long kshm_range_taken_blocks(const struct kshm_range_alloc *range)
{
	unsigned long block, taken = 0;

	for (block = 0; block < range->blocks; block++)
		taken += kshm_block_is_taken(range, block);
	return taken;
}

/* The workers do not see the signal. */
static bool kshm_range_is_killed(const struct kshm_range_alloc *range)
{
	return READ_ONCE(range->killed) || fatal_signal_pending(current);
}

/* Whether not to begin with another block: it would be of no use. */
static bool kshm_range_is_lost(const struct kshm_range_alloc *range)
{
	return READ_ONCE(range->failed) || kshm_range_is_killed(range);
}

/*
 * A page under I/O or migration is busy for a moment only, so try again, even if
 * another block has failed meanwhile: the next window avoids all that fail.
 */
static int kshm_alloc_unit_retry(struct kshm_range_alloc *range,
				 unsigned long block, unsigned long blocks)
{
	unsigned long pfn = range->pfn + block * KSHM_BLOCK_PAGES;
	unsigned long nr = kshm_unit_pages(range, block, blocks);
	bool guarded = kshm_buddy_is_taken(range, block);
	unsigned long delay = KSHM_BUSY_DELAY_US;
	int err, retries = 0;

	for (;;) {
		err = kshm_alloc_unit(pfn, nr, guarded);
		if (!err || kshm_range_is_killed(range) ||
		    retries++ == KSHM_BUSY_RETRIES)
			return err;
		if (kshm_lru_is_awaited(pfn, nr))
			kshm_lru_drain_all();
		usleep_range(delay, 2 * delay);
		delay *= 2;
	}
}

static void kshm_block_failed(struct kshm_range_alloc *range,
			      unsigned long block)
{
	u8 *failed = &range->zone->failed[range->offset + block];

	/* It has not had all its retries. */
	if (kshm_range_is_killed(range))
		return;
	if (*failed < KSHM_BLOCK_MAX_FAILURES)
		(*failed)++;
	kshm_failure_add(range->pfn + block * KSHM_BLOCK_PAGES);
}

static void kshm_block_succeeded(struct kshm_range_alloc *range,
				 unsigned long block)
{
	set_bit(range->offset + block, range->zone->taken);
	if (range->zone->failed[range->offset + block])
		kshm_failure_remove(range->pfn + block * KSHM_BLOCK_PAGES);
}

/* Allocate what is not yet allocated from @block to before @end. */
static void kshm_alloc_blocks(struct kshm_range_alloc *range,
			      unsigned long block, unsigned long end)
{
	while (block < end && !kshm_range_is_lost(range)) {
		unsigned long blocks = kshm_unit_blocks(range, block);
		unsigned long stop = block + blocks;
		bool taken = kshm_block_is_taken(range, block);
		int err = 0;

		if (!taken)
			err = kshm_alloc_unit_retry(range, block, blocks);
		for (; block < stop; block++) {
			if (err)
				kshm_block_failed(range, block);
			else if (!taken)
				kshm_block_succeeded(range, block);
		}
		if (err)
			WRITE_ONCE(range->failed, true);
		cond_resched();
	}
}

static void kshm_alloc_groups(struct kshm_range_alloc *range)
{
	unsigned long last = range->first + range->blocks;

	while (!kshm_range_is_lost(range)) {
		unsigned long group = atomic_long_fetch_inc(&range->next);
		unsigned long block = max(group * KSHM_GROUP_BLOCKS,
					  range->first);
		unsigned long end = min((group + 1) * KSHM_GROUP_BLOCKS, last);

		if (block >= last)
			break;
		kshm_alloc_blocks(range, block - range->first,
				  end - range->first);
	}
}

static void kshm_range_work_fn(struct work_struct *work)
{
	struct kshm_range_work *rw =
		container_of(work, struct kshm_range_work, work);

	kshm_alloc_groups(rw->range);
}

static void kshm_alloc_in_parallel(struct kshm_range_alloc *range)
{
	/* Not allocated: that might get a page of the window. */
	static struct kshm_range_work works[KSHM_ALLOC_WORKERS - 1];
	unsigned long i, nr = min_t(unsigned long, ARRAY_SIZE(works),
				    range->blocks / KSHM_GROUP_BLOCKS);

	lockdep_assert_held(&kshm_contig_lock);

	/* Two workers in one group would isolate memory for each other. */
	atomic_long_set(&range->next, range->first / KSHM_GROUP_BLOCKS);
	for (i = 0; i < nr; i++) {
		INIT_WORK(&works[i].work, kshm_range_work_fn);
		works[i].range = range;
		queue_work(kshm_alloc_wq, &works[i].work);
	}
	kshm_alloc_groups(range);
	if (fatal_signal_pending(current))
		WRITE_ONCE(range->killed, true);
	for (i = 0; i < nr; i++)
		flush_work(&works[i].work);
}

static void kshm_alloc_doubtful(struct kshm_range_alloc *range,
				const struct kshm_window *window)
{
	unsigned long block, first;
	int probes;

	for (probes = 0; probes < KSHM_MAX_PROBES; probes++) {
		if (!kshm_window_find_doubtful(window, range->nr, &block))
			break;
		first = round_down(range->first + block, KSHM_UNIT_BLOCKS);
		kshm_alloc_blocks(range, max(first, range->first) - range->first,
				  block + 1);
		if (kshm_range_is_lost(range))
			break;
	}
}

/*
 * Free blocks that another window cannot use: those that are not whole, or only
 * a part of what one call allocates.
 */
static void kshm_free_partial(struct kshm_range_alloc *range)
{
	unsigned long block = 0;

	if (KSHM_UNIT_BLOCKS == 1)
		block = range->nr / KSHM_BLOCK_PAGES;
	for (; block < range->blocks; block++) {
		if (!kshm_block_is_taken(range, block))
			continue;
		kshm_range_free(range->pfn + block * KSHM_BLOCK_PAGES,
				kshm_unit_pages(range, block, 1));
		clear_bit(range->offset + block, range->zone->taken);
	}
}

/**
 * kshm_contig_take() - allocate a window, zeroed
 * @window: the window; blocks of it that are already taken are kept
 * @nr:     its size in pages
 * @wasted: on failure, the pages that were allocated are added
 *
 * Blocks that may well fail are tried first. The first that stays busy ends it;
 * those that are being allocated at the same time are tried to the end. Whole
 * blocks stay taken then, for the next window, and the failure of each block is
 * counted.
 *
 * Context: process, may sleep; holds kshm_contig_lock. A fatal signal ends it.
 * Return: 0 when all of it is allocated, and not marked as taken any more;
 * -EBUSY or -EINTR when a part is not.
 */
int kshm_contig_take(struct kshm_window *window, unsigned long nr,
		     unsigned long *wasted)
{
	unsigned long pfn = kshm_block_pfn(window->zone, window->first);
	struct kshm_range_alloc range = {
		.zone = window->zone,
		.offset = window->first,
		.pfn = pfn,
		.nr = nr,
		.first = pfn / KSHM_BLOCK_PAGES,
		.blocks = DIV_ROUND_UP(nr, KSHM_BLOCK_PAGES),
	};
	unsigned long before = kshm_range_taken_blocks(&range), after;

	kshm_alloc_doubtful(&range, window);
	if (!kshm_range_is_lost(&range))
		kshm_alloc_in_parallel(&range);
	after = kshm_range_taken_blocks(&range);
	if (after == range.blocks) {
		bitmap_clear(range.zone->taken, range.offset, range.blocks);
		return 0;
	}
	*wasted += (after - before) * KSHM_BLOCK_PAGES;
	kshm_free_partial(&range);
	return fatal_signal_pending(current) ? -EINTR : -EBUSY;
}

/**
 * kshm_contig_take_init() - make the workers' queue
 *
 * Context: process, at load.
 * Return: 0 or -ENOMEM.
 */
int kshm_contig_take_init(void)
{
	kshm_alloc_wq = alloc_workqueue("kshm", WQ_UNBOUND, KSHM_ALLOC_WORKERS);
	return kshm_alloc_wq ? 0 : -ENOMEM;
}

/**
 * kshm_contig_take_exit() - undo kshm_contig_take_init()
 *
 * Context: process, at unload.
 */
void kshm_contig_take_exit(void)
{
	destroy_workqueue(kshm_alloc_wq);
}
