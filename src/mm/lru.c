// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages on their way to an LRU list. Each processor collects some before it puts
 * them there. Until then the page allocator refuses to isolate their pageblock,
 * and only after that it makes all processors do it. An idle one, or one that
 * needs no new pages, may keep them for any time.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/workqueue.h>

#include "../compat/lru.h"
#include "contig_scan.h"
#include "internal.h"

static struct work_struct __percpu *kshm_lru_work;

static void kshm_lru_work_fn(struct work_struct *work)
{
	kshm_lru_add_drain();
}

/**
 * kshm_lru_drain_all() - make all processors put their pages on the LRU lists
 *
 * Does not wait for it: a processor with a real-time thread may take long. One
 * that is idle takes a moment.
 *
 * Context: process.
 */
void kshm_lru_drain_all(void)
{
	int cpu;

	/* One that went offline has put its pages there. */
	for_each_online_cpu(cpu)
		schedule_work_on(cpu, per_cpu_ptr(kshm_lru_work, cpu));
}

/**
 * kshm_lru_is_awaited() - whether a page of a range is on its way to an LRU list
 * @pfn: first page frame
 * @nr:  number of pages
 *
 * Context: process, may sleep; takes kshm_hotplug_read_lock().
 * Return: false when there is none, or when the range is not online.
 */
bool kshm_lru_is_awaited(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;
	bool awaited = false;

	kshm_hotplug_read_lock();
	for (; pfn < end && !awaited; pfn++) {
		struct page *page = kshm_hotplug_page(pfn);

		awaited = page && kshm_page_waits_for_lru(page);
	}
	kshm_hotplug_read_unlock();
	return awaited;
}

/**
 * kshm_lru_init() - prepare the work of each processor
 *
 * Context: process, at load.
 * Return: 0 or -ENOMEM.
 */
int kshm_lru_init(void)
{
	int cpu;

	kshm_lru_work = alloc_percpu(struct work_struct);
	if (!kshm_lru_work)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		INIT_WORK(per_cpu_ptr(kshm_lru_work, cpu), kshm_lru_work_fn);
	return 0;
}

/**
 * kshm_lru_exit() - end that work
 *
 * Context: process, at unload; nothing is allocated any more.
 */
void kshm_lru_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		cancel_work_sync(per_cpu_ptr(kshm_lru_work, cpu));
	free_percpu(kshm_lru_work);
}
