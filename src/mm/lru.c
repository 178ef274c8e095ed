// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages on their way to an LRU list. Each processor collects some before it puts
 * them there. Until then the page allocator refuses to isolate their pageblock,
 * and only after that it makes all processors do it. An idle one, or one that
 * needs no new pages, may keep them for any time.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/workqueue.h>

#include "../compat/lru.h"
#include "contig_scan.h"
#include "internal.h"

static long kshm_lru_drain_fn(void *arg)
{
	kshm_lru_add_drain();
	return 0;
}

/**
 * kshm_lru_drain_all() - make all processors put their pages on the LRU lists
 *
 * Context: process, may sleep; outside kshm_hotplug_read_lock(): memory goes
 * offline inside the lock of the processors' hotplug, which this takes.
 */
void kshm_lru_drain_all(void)
{
	int cpu;

	/* One that is offline has put its pages there. */
	cpus_read_lock();
	for_each_online_cpu(cpu)
		work_on_cpu(cpu, kshm_lru_drain_fn, NULL);
	cpus_read_unlock();
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
