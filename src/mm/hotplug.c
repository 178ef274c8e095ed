// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that goes offline while kshm looks at it or allocates it.
 *
 * Its struct pages may be freed afterwards. And alloc_contig_range() of 6.1 and
 * later, when it fails on a pageblock that somebody else has isolated, undoes
 * that isolation; offline_pages() then never ends. So kshm looks at memory and
 * allocates it under a lock that the start of offlining waits for, and does not
 * use ranges that are going offline.
 */
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include "../compat/pageblock.h"
#include "internal.h"

/* For this long after a failed allocation the notifier checks the isolation. */
#define KSHM_HOTPLUG_CHECK_MS	2000

/**
 * struct kshm_offline_range - memory that is going offline
 * @list:  in kshm_offline_ranges
 * @start: first page frame
 * @end:   page frame after the last one
 */
struct kshm_offline_range {
	struct list_head list;
	unsigned long start;
	unsigned long end;
};

static LIST_HEAD(kshm_offline_ranges);

/*
 * Guards kshm_offline_ranges. A reader may use the struct pages that
 * kshm_hotplug_page() returned. It is held for one block at a time, so that
 * nobody waits long for it. Taken inside kshm_contig_lock and, by the notifier,
 * inside the memory hotplug lock.
 */
static DECLARE_RWSEM(kshm_hotplug_sem);

/* When an allocation last failed, in jiffies; written while reading. */
static unsigned long kshm_last_failure;

void kshm_hotplug_read_lock(void)
{
	down_read(&kshm_hotplug_sem);
}

void kshm_hotplug_read_unlock(void)
{
	up_read(&kshm_hotplug_sem);
}

/**
 * kshm_hotplug_page() - the page of a page frame that stays online
 * @pfn: page frame
 *
 * Context: under kshm_hotplug_read_lock(), which keeps the page online.
 * Return: the page; NULL when it is not online or going offline.
 */
struct page *kshm_hotplug_page(unsigned long pfn)
{
	struct kshm_offline_range *range;

	lockdep_assert_held(&kshm_hotplug_sem);

	list_for_each_entry(range, &kshm_offline_ranges, list) {
		if (pfn >= range->start && pfn < range->end)
			return NULL;
	}
	return pfn_to_online_page(pfn);
}

/* Under kshm_hotplug_read_lock(): an allocation has failed just now. */
void kshm_hotplug_alloc_failed(void)
{
	WRITE_ONCE(kshm_last_failure, jiffies);
}

/*
 * offline_pages() isolates the range before it calls the notifier. An
 * allocation that failed in between may have undone the isolation of a
 * pageblock.
 */
static bool kshm_isolation_is_broken(unsigned long start, unsigned long end)
{
	unsigned long pfn;

	if (time_after(jiffies, READ_ONCE(kshm_last_failure) +
				msecs_to_jiffies(KSHM_HOTPLUG_CHECK_MS)))
		return false;
	for (pfn = start; pfn < end; pfn += KSHM_BLOCK_PAGES) {
		struct page *page = pfn_to_online_page(pfn);

		if (page && !kshm_pageblock_is_isolated(page))
			return true;
	}
	return false;
}

static int kshm_going_offline(unsigned long start, unsigned long nr)
{
	struct kshm_offline_range *range;
	int err = 0;

	range = kmalloc(sizeof(*range), GFP_KERNEL);
	if (!range)
		return -ENOMEM;
	range->start = start;
	range->end = start + nr;

	/* Waits for the allocation of one block. */
	down_write(&kshm_hotplug_sem);
	if (kshm_isolation_is_broken(range->start, range->end))
		err = -EBUSY;
	else
		list_add(&range->list, &kshm_offline_ranges);
	up_write(&kshm_hotplug_sem);
	if (err)
		kfree(range);
	return err;
}

static void kshm_offline_ended(unsigned long start)
{
	struct kshm_offline_range *range, *next;

	down_write(&kshm_hotplug_sem);
	list_for_each_entry_safe(range, next, &kshm_offline_ranges, list) {
		if (range->start != start)
			continue;
		list_del(&range->list);
		kfree(range);
	}
	up_write(&kshm_hotplug_sem);
}

static int kshm_memory_notify(struct notifier_block *block, unsigned long event,
			      void *arg)
{
	const struct memory_notify *memory = arg;

	switch (event) {
	case MEM_GOING_OFFLINE:
		return notifier_from_errno(kshm_going_offline(memory->start_pfn,
							      memory->nr_pages));
	case MEM_OFFLINE:
	case MEM_CANCEL_OFFLINE:
		kshm_offline_ended(memory->start_pfn);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block kshm_memory_nb = {
	.notifier_call = kshm_memory_notify,
};

int kshm_hotplug_init(void)
{
	kshm_last_failure = jiffies -
			    msecs_to_jiffies(KSHM_HOTPLUG_CHECK_MS) - 1;
	return register_memory_notifier(&kshm_memory_nb);
}

void kshm_hotplug_exit(void)
{
	struct kshm_offline_range *range, *next;

	unregister_memory_notifier(&kshm_memory_nb);
	/* Some memory may be going offline now; the ranges would have no use. */
	list_for_each_entry_safe(range, next, &kshm_offline_ranges, list)
		kfree(range);
}
