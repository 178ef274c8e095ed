// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking a chosen window of physical memory from the page allocator, which
 * moves what lies in it.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "kshm.h"

/*
 * Taking one folio mostly waits: for RCU, and for each processor to let go of
 * pages on their way to the LRU lists. So many wait together.
 */
#define KSHM_TAKERS	16

static struct workqueue_struct *kshm_take_wq;

/**
 * struct kshm_taking - a window that several workers take, folio by folio
 * @pfn:    first page frame
 * @blocks: number of folios
 * @next:   the block that the next free worker takes
 * @taken:  a bit for each block that was taken
 * @stuck:  a block that could not be taken, or @blocks
 */
struct kshm_taking {
	unsigned long pfn;
	unsigned long blocks;
	atomic_long_t next;
	unsigned long *taken;
	atomic_long_t stuck;
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

static void kshm_take_blocks(struct kshm_taking *taking)
{
	unsigned long block;

	while (atomic_long_read(&taking->stuck) == taking->blocks &&
	       !fatal_signal_pending(current)) {
		unsigned long pfn;
		int err;

		block = atomic_long_fetch_inc(&taking->next);
		if (block >= taking->blocks)
			break;
		pfn = taking->pfn + block * KSHM_FOLIO_PAGES;
		err = kshm_take_folio(pfn);
		/* Another worker may have been busy next to it. */
		if (err == -EBUSY)
			err = kshm_take_folio(pfn);
		if (err) {
			atomic_long_set(&taking->stuck, block);
			break;
		}
		set_bit(block, taking->taken);
		cond_resched();
	}
}

static void kshm_taker_run(struct work_struct *work)
{
	struct kshm_taker *taker = container_of(work, struct kshm_taker, work);

	kshm_take_blocks(taker->taking);
}

static void kshm_take_in_parallel(struct kshm_taking *taking,
				  struct kshm_taker *takers)
{
	unsigned long i, nr = min(taking->blocks - 1, KSHM_TAKERS - 1UL);

	for (i = 0; i < nr; i++) {
		INIT_WORK(&takers[i].work, kshm_taker_run);
		takers[i].taking = taking;
		queue_work(kshm_take_wq, &takers[i].work);
	}
	kshm_take_blocks(taking);
	/* After a signal: nothing new. */
	atomic_long_set(&taking->next, taking->blocks);
	for (i = 0; i < nr; i++)
		flush_work(&takers[i].work);
}

/* As folios, each at its place. All blocks or none. */
static int kshm_take_folios(unsigned long pfn, unsigned long blocks,
			    unsigned long *stuck)
{
	struct kshm_taking taking = { .pfn = pfn, .blocks = blocks };
	struct kshm_taker *takers;
	unsigned long block;
	int err = 0;

	takers = kcalloc(KSHM_TAKERS, sizeof(*takers), GFP_KERNEL);
	taking.taken = bitmap_zalloc(blocks, GFP_KERNEL);
	if (!takers || !taking.taken) {
		err = -ENOMEM;
		goto out;
	}
	atomic_long_set(&taking.stuck, blocks);
	kshm_take_in_parallel(&taking, takers);

	if (!bitmap_full(taking.taken, blocks)) {
		*stuck = atomic_long_read(&taking.stuck);
		err = *stuck == blocks ? -EINTR : -EBUSY;
		for_each_set_bit(block, taking.taken, blocks)
			put_page(pfn_to_page(pfn + block * KSHM_FOLIO_PAGES));
	}
out:
	bitmap_free(taking.taken);
	kfree(takers);
	return err;
}

/* As single pages, joined to folios where the kernel allows. */
static int kshm_take_pages(unsigned long pfn, unsigned long nr)
{
	int err = kshm_take_range(pfn, nr);

	if (err)
		return err;
	if (!kshm_range_is_zeroed())
		kshm_row_clear(pfn_to_page(pfn), nr);
	kshm_row_join(pfn_to_page(pfn), nr);
	return 0;
}

/**
 * kshm_take_window() - take a row of pages where it lies, zeroed
 * @pfn:   first page frame, aligned to a folio
 * @nr:    number of pages
 * @stuck: on failure the folio at which it failed, if that is known
 *
 * Context: process, may sleep long. A fatal signal ends it.
 * Return: 0, or an errno with nothing taken.
 */
int kshm_take_window(unsigned long pfn, unsigned long nr, unsigned long *stuck)
{
	unsigned long rest = nr % KSHM_FOLIO_PAGES;
	int err;

	if (!KSHM_CAN_TAKE_FOLIO || nr < KSHM_FOLIO_PAGES)
		return kshm_take_pages(pfn, nr);

	nr -= rest;
	err = kshm_take_folios(pfn, nr / KSHM_FOLIO_PAGES, stuck);
	if (err || !rest)
		return err;
	err = kshm_take_pages(pfn + nr, rest);
	if (err) {
		*stuck = nr / KSHM_FOLIO_PAGES;
		kshm_row_put(pfn_to_page(pfn), nr);
	}
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
