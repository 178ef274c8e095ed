// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking a chosen window of physical memory from the page allocator, which
 * moves what lies in it.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "kshm.h"

/*
 * Taking one block mostly waits: for RCU, and for each processor to let go of
 * pages on their way to the LRU lists. So many wait together.
 */
#define KSHM_TAKERS	16

/* How often what is busy is tried again before it counts as unusable. */
#define KSHM_RETRIES	8

static struct workqueue_struct *kshm_take_wq;

/*
 * Two workers must not be in one block of the page allocator's largest order:
 * while both parts of it are isolated they merge when they become free, and
 * then neither can be taken alone.
 */
#define KSHM_GROUP	BIT(KSHM_MAX_ORDER - KSHM_FOLIO_ORDER)

/**
 * struct kshm_taking - a window that several workers take, part by part
 * @pfn:    first page frame
 * @nr:     number of pages
 * @first:  number of the first block, counted from physical address 0
 * @blocks: number of blocks; the last one need not be whole
 * @next:   the group that the next free worker takes, from that of @first on
 * @taken:  a bit for each block of the zone that was taken
 * @offset: of the first block's bit there
 */
struct kshm_taking {
	unsigned long pfn;
	unsigned long nr;
	unsigned long first;
	unsigned long blocks;
	atomic_long_t next;
	unsigned long *taken;
	unsigned long offset;
};

/**
 * struct kshm_taker - one of the workers
 * @work:   of kshm_take_wq
 * @taking: what it works at
 */
struct kshm_taker {
	struct work_struct work;
	struct kshm_taking *taking;
};

/* As single pages, joined to folios where the kernel allows. */
static int kshm_take_pages(unsigned long pfn, unsigned long nr)
{
	struct page *first = pfn_to_page(pfn);
	int err = kshm_take_range(pfn, nr);

	if (err)
		return err;
	if (!kshm_range_is_zeroed()) {
		err = kshm_row_clear(first, nr);
		if (err) {
			kshm_row_put(first, nr);
			return err;
		}
	}
	kshm_row_join(first, nr);
	return 0;
}

/* How many blocks are taken in one call, from @block on. */
static unsigned long kshm_unit(const struct kshm_taking *taking,
			       unsigned long block)
{
	unsigned long place = taking->first + block;

	return min(round_up(place + 1, KSHM_TAKE_BLOCKS) - place,
		   taking->blocks - block);
}

/* Pages of the window in @blocks blocks from @block on. */
static unsigned long kshm_unit_pages(const struct kshm_taking *taking,
				     unsigned long block, unsigned long blocks)
{
	return min(blocks * KSHM_FOLIO_PAGES,
		   taking->nr - block * KSHM_FOLIO_PAGES);
}

static bool kshm_is_taken(const struct kshm_taking *taking, unsigned long block)
{
	return test_bit(taking->offset + block, taking->taken);
}

static bool kshm_all_taken(const struct kshm_taking *taking)
{
	unsigned long end = taking->offset + taking->blocks;

	return find_next_zero_bit(taking->taken, end, taking->offset) >= end;
}

/* Try what is not taken of the blocks from @block to before @end. */
static void kshm_take_blocks(struct kshm_taking *taking, unsigned long block,
			     unsigned long end)
{
	while (block < end && !fatal_signal_pending(current)) {
		unsigned long pfn = taking->pfn + block * KSHM_FOLIO_PAGES;
		unsigned long stop = block + kshm_unit(taking, block);
		unsigned long nr = kshm_unit_pages(taking, block, stop - block);
		int err;

		if (kshm_is_taken(taking, block)) {
			block = stop;
			continue;
		}
		if (KSHM_CAN_TAKE_FOLIO && nr == KSHM_FOLIO_PAGES)
			err = kshm_take_folio(pfn);
		else
			err = kshm_take_pages(pfn, nr);
		for (; block < stop; block++) {
			if (!err)
				set_bit(taking->offset + block, taking->taken);
		}
		cond_resched();
	}
}

static void kshm_take_groups(struct kshm_taking *taking)
{
	unsigned long last = taking->first + taking->blocks;

	while (!fatal_signal_pending(current)) {
		unsigned long group = atomic_long_fetch_inc(&taking->next);
		unsigned long block = max(group * KSHM_GROUP, taking->first);
		unsigned long end = min((group + 1) * KSHM_GROUP, last);

		if (block >= last)
			break;
		kshm_take_blocks(taking, block - taking->first,
				 end - taking->first);
	}
}

static void kshm_taker_run(struct work_struct *work)
{
	struct kshm_taker *taker = container_of(work, struct kshm_taker, work);

	kshm_take_groups(taker->taking);
}

static void kshm_take_in_parallel(struct kshm_taking *taking)
{
	/*
	 * Not allocated: that might get a page of the window. One caller at a
	 * time uses them.
	 */
	static struct kshm_taker takers[KSHM_TAKERS - 1];
	unsigned long i, nr = min_t(unsigned long, taking->blocks / KSHM_GROUP,
				    ARRAY_SIZE(takers));

	atomic_long_set(&taking->next, taking->first / KSHM_GROUP);
	for (i = 0; i < nr; i++) {
		INIT_WORK(&takers[i].work, kshm_taker_run);
		takers[i].taking = taking;
		queue_work(kshm_take_wq, &takers[i].work);
	}
	kshm_take_groups(taking);
	/* After a signal: nothing new. */
	atomic_long_set(&taking->next, (taking->first + taking->blocks) /
				       KSHM_GROUP + 1);
	for (i = 0; i < nr; i++)
		flush_work(&takers[i].work);
}

/*
 * A page that is being read or moved is in the way for a moment only. So what
 * is missing is tried some more times, alone.
 */
static void kshm_take_missing(struct kshm_taking *taking)
{
	int tries;

	for (tries = 0; tries < KSHM_RETRIES; tries++) {
		if (kshm_all_taken(taking) || fatal_signal_pending(current))
			break;
		usleep_range(1000, 2000);
		kshm_take_blocks(taking, 0, taking->blocks);
	}
}

/*
 * What cannot be of use in another window: a block that is not whole, and what
 * may be a part of a unit.
 */
static void kshm_give_back_parts(struct kshm_taking *taking)
{
	unsigned long block = 0;

	if (KSHM_TAKE_BLOCKS == 1)
		block = taking->nr / KSHM_FOLIO_PAGES;
	for (; block < taking->blocks; block++) {
		if (!kshm_is_taken(taking, block))
			continue;
		kshm_row_put(pfn_to_page(taking->pfn +
					 block * KSHM_FOLIO_PAGES),
			     kshm_unit_pages(taking, block, 1));
		clear_bit(taking->offset + block, taking->taken);
	}
}

/**
 * kshm_take_window() - take a row of pages where it lies, zeroed
 * @pfn:    first page frame, aligned to a folio
 * @nr:     number of pages
 * @offset: number of its block, for the next two
 * @cost:   of blocks. Those that did not work become unusable.
 * @taken:  blocks that are taken, in the window before the call and after it.
 *	    The caller gives them back.
 *
 * Context: process, may sleep long, one caller at a time. A fatal signal ends
 * it.
 * Return: 0 when all of it is taken; -EBUSY or -EINTR when a part of it is not.
 */
int kshm_take_window(unsigned long pfn, unsigned long nr, unsigned long offset,
		     u16 *cost, unsigned long *taken)
{
	struct kshm_taking taking = {
		.pfn = pfn,
		.nr = nr,
		.first = pfn / KSHM_FOLIO_PAGES,
		.blocks = DIV_ROUND_UP(nr, KSHM_FOLIO_PAGES),
		.taken = taken,
		.offset = offset,
	};
	unsigned long block;

	kshm_take_in_parallel(&taking);
	kshm_take_missing(&taking);
	if (kshm_all_taken(&taking))
		return 0;

	if (!fatal_signal_pending(current)) {
		for (block = 0; block < taking.blocks; block++) {
			if (!kshm_is_taken(&taking, block))
				cost[offset + block] = KSHM_BLOCK_UNUSABLE;
		}
	}
	kshm_give_back_parts(&taking);
	return fatal_signal_pending(current) ? -EINTR : -EBUSY;
}

/**
 * kshm_take_init() - make the workers' queue
 *
 * Context: process, at load.
 * Return: 0 or -ENOMEM.
 */
int kshm_take_init(void)
{
	kshm_take_wq = alloc_workqueue("kshm", WQ_UNBOUND, KSHM_TAKERS);
	return kshm_take_wq ? 0 : -ENOMEM;
}

/**
 * kshm_take_exit() - undo kshm_take_init()
 *
 * Context: process, at unload.
 */
void kshm_take_exit(void)
{
	destroy_workqueue(kshm_take_wq);
}
