// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking a chosen window of physical memory from the page allocator, which
 * moves what lies in it.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/minmax.h>
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

/*
 * Two workers must not be in one block of the page allocator's largest order:
 * while both parts of it are isolated they merge when they become free, and
 * then neither can be taken alone.
 */
#define KSHM_GROUP	BIT(KSHM_MAX_ORDER - KSHM_FOLIO_ORDER)

/**
 * struct kshm_taking - a window that several workers take, folio by folio
 * @first:  number of the first block, counted from physical address 0
 * @blocks: number of blocks
 * @next:   the group that the next free worker takes, from that of @first on
 * @probe:  go on when a block cannot be taken
 * @taken:  a bit for each block that was taken
 * @stuck:  a bit for each block that could not be taken
 * @failed: there is such a block
 */
struct kshm_taking {
	unsigned long first;
	unsigned long blocks;
	atomic_long_t next;
	bool probe;
	unsigned long *taken;
	unsigned long *stuck;
	bool failed;
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

static bool kshm_taking_goes_on(const struct kshm_taking *taking)
{
	return !fatal_signal_pending(current) &&
	       (taking->probe || !READ_ONCE(taking->failed));
}

static void kshm_take_block(struct kshm_taking *taking, unsigned long block)
{
	unsigned long pfn = (taking->first + block) * KSHM_FOLIO_PAGES;
	int err = kshm_take_folio(pfn);

	/* Another worker may have been busy next to it. */
	if (err == -EBUSY)
		err = kshm_take_folio(pfn);
	if (!err) {
		set_bit(block, taking->taken);
	} else {
		set_bit(block, taking->stuck);
		WRITE_ONCE(taking->failed, true);
	}
	cond_resched();
}

static void kshm_take_groups(struct kshm_taking *taking)
{
	unsigned long last = taking->first + taking->blocks;
	unsigned long block, end;

	while (kshm_taking_goes_on(taking)) {
		unsigned long group = atomic_long_fetch_inc(&taking->next);

		block = max(group * KSHM_GROUP, taking->first);
		end = min((group + 1) * KSHM_GROUP, last);
		if (block >= last)
			break;
		for (; block < end && kshm_taking_goes_on(taking); block++)
			kshm_take_block(taking, block - taking->first);
	}
}

static void kshm_taker_run(struct work_struct *work)
{
	struct kshm_taker *taker = container_of(work, struct kshm_taker, work);

	kshm_take_groups(taker->taking);
}

static int kshm_take_in_parallel(struct kshm_taking *taking)
{
	struct kshm_taker *takers;
	unsigned long i, nr;

	nr = min(taking->blocks / KSHM_GROUP, KSHM_TAKERS - 1UL);
	takers = kcalloc(KSHM_TAKERS, sizeof(*takers), GFP_KERNEL);
	if (!takers)
		return -ENOMEM;
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
	kfree(takers);
	return 0;
}

static void kshm_put_taken(const struct kshm_taking *taking)
{
	unsigned long block;

	for_each_set_bit(block, taking->taken, taking->blocks)
		put_page(pfn_to_page((taking->first + block) *
				     KSHM_FOLIO_PAGES));
}

/* Fills in @taking. Returns 0 when all blocks were taken, or an errno. */
static int kshm_take_folios(struct kshm_taking *taking)
{
	int err;

	taking->taken = bitmap_zalloc(taking->blocks, GFP_KERNEL);
	taking->stuck = bitmap_zalloc(taking->blocks, GFP_KERNEL);
	err = -ENOMEM;
	if (taking->taken && taking->stuck)
		err = kshm_take_in_parallel(taking);
	if (!err && !bitmap_full(taking->taken, taking->blocks)) {
		kshm_put_taken(taking);
		err = taking->failed ? -EBUSY : -EINTR;
	}
	return err;
}

static void kshm_taking_free(struct kshm_taking *taking)
{
	bitmap_free(taking->stuck);
	bitmap_free(taking->taken);
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
	struct kshm_taking taking = { };
	int err;

	if (!KSHM_CAN_TAKE_FOLIO || nr < KSHM_FOLIO_PAGES)
		return kshm_take_pages(pfn, nr);

	nr -= rest;
	taking.first = pfn / KSHM_FOLIO_PAGES;
	taking.blocks = nr / KSHM_FOLIO_PAGES;
	err = kshm_take_folios(&taking);
	if (taking.failed)
		*stuck = find_first_bit(taking.stuck, taking.blocks);
	if (!err && rest) {
		err = kshm_take_pages(pfn + nr, rest);
		if (err) {
			*stuck = taking.blocks;
			kshm_put_taken(&taking);
		}
	}
	kshm_taking_free(&taking);
	return err;
}

/**
 * kshm_probe_window() - try which blocks of a window can be taken together
 * @pfn:    first page frame, aligned to a folio
 * @blocks: number of folios
 * @cost:   of each block; those that cannot be taken become unusable
 *
 * Nothing stays taken. Only for kernels with KSHM_CAN_TAKE_FOLIO.
 *
 * Context: process, may sleep long. A fatal signal ends it.
 * Return: 0 when all can be taken, -EBUSY when some cannot, -EINTR, -ENOMEM.
 */
int kshm_probe_window(unsigned long pfn, unsigned long blocks, u16 *cost)
{
	struct kshm_taking taking = {
		.first = pfn / KSHM_FOLIO_PAGES,
		.blocks = blocks,
		.probe = true,
	};
	unsigned long block;
	int err;

	err = kshm_take_folios(&taking);
	if (!err)
		kshm_put_taken(&taking);
	if (taking.failed) {
		for_each_set_bit(block, taking.stuck, blocks)
			cost[block] = KSHM_BLOCK_UNUSABLE;
	}
	kshm_taking_free(&taking);
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
