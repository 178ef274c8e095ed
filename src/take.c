// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking a chosen window of physical memory from the page allocator, which
 * moves what lies in it.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
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
 * @taken:  a bit for each block that was taken
 */
struct kshm_taking {
	unsigned long pfn;
	unsigned long nr;
	unsigned long first;
	unsigned long blocks;
	atomic_long_t next;
	unsigned long *taken;
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

/* Try what is not taken of the blocks from @block to before @end. */
static void kshm_take_blocks(struct kshm_taking *taking, unsigned long block,
			     unsigned long end)
{
	while (block < end && !fatal_signal_pending(current)) {
		unsigned long pfn = taking->pfn + block * KSHM_FOLIO_PAGES;
		unsigned long stop = block + kshm_unit(taking, block);
		unsigned long nr = kshm_unit_pages(taking, block, stop - block);
		int err;

		if (test_bit(block, taking->taken)) {
			block = stop;
			continue;
		}
		if (KSHM_CAN_TAKE_FOLIO && nr == KSHM_FOLIO_PAGES)
			err = kshm_take_folio(pfn);
		else
			err = kshm_take_pages(pfn, nr);
		for (; block < stop; block++) {
			if (!err)
				set_bit(block, taking->taken);
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

static void kshm_take_in_parallel(struct kshm_taking *taking,
				  struct kshm_taker *takers)
{
	unsigned long i, nr = min(taking->blocks / KSHM_GROUP, KSHM_TAKERS - 1UL);

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
		if (bitmap_full(taking->taken, taking->blocks) ||
		    fatal_signal_pending(current))
			break;
		usleep_range(1000, 2000);
		kshm_take_blocks(taking, 0, taking->blocks);
	}
}

static void kshm_give_back(struct kshm_taking *taking)
{
	unsigned long block;

	for_each_set_bit(block, taking->taken, taking->blocks)
		kshm_row_put(pfn_to_page(taking->pfn +
					 block * KSHM_FOLIO_PAGES),
			     kshm_unit_pages(taking, block, 1));
}

/**
 * kshm_take_window() - take a row of pages where it lies, zeroed
 * @pfn:  first page frame, aligned to a folio
 * @nr:   number of pages
 * @cost: of the window's blocks. On failure those that did not work become
 *	  unusable.
 *
 * Context: process, may sleep long. A fatal signal ends it.
 * Return: 0, or an errno with nothing taken.
 */
int kshm_take_window(unsigned long pfn, unsigned long nr, u16 *cost)
{
	struct kshm_taking taking = {
		.pfn = pfn,
		.nr = nr,
		.first = pfn / KSHM_FOLIO_PAGES,
		.blocks = DIV_ROUND_UP(nr, KSHM_FOLIO_PAGES),
	};
	struct kshm_taker *takers;
	unsigned long block;
	int err = 0;

	takers = kcalloc(KSHM_TAKERS, sizeof(*takers), GFP_KERNEL);
	taking.taken = bitmap_zalloc(taking.blocks, GFP_KERNEL);
	if (!takers || !taking.taken) {
		err = -ENOMEM;
		goto out;
	}
	kshm_take_in_parallel(&taking, takers);
	kshm_take_missing(&taking);
	if (bitmap_full(taking.taken, taking.blocks))
		goto out;

	kshm_give_back(&taking);
	err = -EINTR;
	if (fatal_signal_pending(current))
		goto out;
	for_each_clear_bit(block, taking.taken, taking.blocks)
		cost[block] = KSHM_BLOCK_UNUSABLE;
	err = -EBUSY;
out:
	bitmap_free(taking.taken);
	kfree(takers);
	return err;
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
