// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks that could not be allocated lately. Some look as if they could: a page
 * may be pinned, or be metadata of a file system that waits for its journal. So
 * the next requests try them last, and the largest size is told without them.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>

#include "contig_scan.h"
#include "internal.h"

#define KSHM_FAILURES		256
#define KSHM_FAILURE_MS		30000

/**
 * struct kshm_failure - a block that could not be allocated
 * @pfn:  first page frame
 * @time: when that was, in jiffies
 * @set:  whether there is such a block
 */
struct kshm_failure {
	unsigned long pfn;
	unsigned long time;
	bool set;
};

/* A new failure replaces the oldest. */
static struct kshm_failure kshm_failures[KSHM_FAILURES];
static unsigned int kshm_next_failure;
static DEFINE_SPINLOCK(kshm_failures_lock);	/* guards both above */

static struct kshm_failure *kshm_failure_find(unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < KSHM_FAILURES; i++) {
		if (kshm_failures[i].set && kshm_failures[i].pfn == pfn)
			return &kshm_failures[i];
	}
	return NULL;
}

/**
 * kshm_failure_add() - a block could not be allocated
 * @pfn: its first page frame
 *
 * Context: any but interrupts.
 */
void kshm_failure_add(unsigned long pfn)
{
	struct kshm_failure *failure;

	spin_lock(&kshm_failures_lock);
	failure = kshm_failure_find(pfn);
	if (!failure)
		failure = &kshm_failures[kshm_next_failure++ % KSHM_FAILURES];
	failure->pfn = pfn;
	failure->time = jiffies;
	failure->set = true;
	spin_unlock(&kshm_failures_lock);
}

/**
 * kshm_failure_remove() - a block could be allocated
 * @pfn: its first page frame
 *
 * Context: any but interrupts.
 */
void kshm_failure_remove(unsigned long pfn)
{
	struct kshm_failure *failure;

	spin_lock(&kshm_failures_lock);
	failure = kshm_failure_find(pfn);
	if (failure)
		failure->set = false;
	spin_unlock(&kshm_failures_lock);
}

/**
 * kshm_failures_mark() - count the failures of other requests as this one's
 * @zone: a zone of a new scan
 *
 * Context: any but interrupts.
 */
void kshm_failures_mark(struct kshm_scan_zone *zone)
{
	unsigned long end = kshm_block_pfn(zone, zone->nr);
	unsigned int i;

	spin_lock(&kshm_failures_lock);
	for (i = 0; i < KSHM_FAILURES; i++) {
		struct kshm_failure *failure = &kshm_failures[i];

		if (!failure->set || failure->pfn < zone->start ||
		    failure->pfn >= end)
			continue;
		if (time_after(jiffies, failure->time +
			       msecs_to_jiffies(KSHM_FAILURE_MS)))
			failure->set = false;
		else
			zone->failed[(failure->pfn - zone->start) /
				     KSHM_BLOCK_PAGES] = 1;
	}
	spin_unlock(&kshm_failures_lock);
}
