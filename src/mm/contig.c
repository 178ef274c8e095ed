// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of any size: a range of movable memory is chosen by contig_scan.c and
 * allocated by contig_take.c. Windows are tried in the order of their cost. The
 * blocks of a window that failed are kept for the next one where they overlap.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include <uapi/linux/kshm.h>

#include "contig_scan.h"
#include "internal.h"
#include "trace.h"

/*
 * When a request gives up: this time is over, and it has tried this many windows
 * or allocated this many times its size in vain. A window ends with its first
 * block that stays busy, but goes on as long as there is none. So a request that
 * fails ends soon: configfs lets nobody into the directory meanwhile. And no
 * request fails only because the machine is slow.
 */
#define KSHM_MIN_WINDOWS	8
#define KSHM_MAX_WASTE		4
#define KSHM_CONTIG_TIME_MS	1000

/*
 * Memory is scanned again when no window is left: a page on its way to an LRU
 * list looks as if it could not be migrated, and one under I/O cannot. That takes
 * some milliseconds, on a slow disk some tenths of a second; so the delay doubles
 * each time.
 */
#define KSHM_MAX_SCANS			6
#define KSHM_SCAN_DELAY_MS		20

/*
 * What others keep of the memory that is available, at least: an eighth, but not
 * more than this. With less, programs that allocate while pages are migrated
 * would meet the OOM killer.
 */
#define KSHM_RESERVE_PAGES		PHYS_PFN(SZ_256M)

/* The most pages that a request may have; what @scan has taken is its own. */
static unsigned long kshm_contig_limit(const struct kshm_scan *scan)
{
	unsigned long available = max(si_mem_available(), 0L) +
				  kshm_scan_taken(scan);

	return available - min(available / 8, KSHM_RESERVE_PAGES);
}

/**
 * struct kshm_search - how far a request has come
 * @scan:     the memory it may use
 * @nr:       pages that it wants
 * @windows:  windows that it has tried
 * @wasted:   pages that were allocated for those
 * @deadline: in jiffies
 */
struct kshm_search {
	struct kshm_scan scan;
	unsigned long nr;
	unsigned int windows;
	unsigned long wasted;
	unsigned long deadline;
};

static bool kshm_search_is_over(const struct kshm_search *search)
{
	return time_after(jiffies, search->deadline) &&
	       (search->windows >= KSHM_MIN_WINDOWS ||
		search->wasted / KSHM_MAX_WASTE >= search->nr);
}

/* Returns 0, -ENOMEM when no window is left, -EINTR. */
static int kshm_search_windows(struct kshm_search *search, unsigned long *pfn)
{
	struct kshm_window window;
	int err;

	while (!kshm_search_is_over(search) &&
	       kshm_scan_find_window(&search->scan, search->nr, &window)) {
		*pfn = kshm_block_pfn(window.zone, window.first);
		kshm_scan_release_outside(&search->scan, &window, search->nr);
		err = kshm_contig_take(&window, search->nr, &search->wasted);
		trace_kshm_window(*pfn, search->nr, window.cost, err);
		/* Nobody would use what a killed program allocates. */
		if (fatal_signal_pending(current)) {
			if (!err)
				kshm_range_free(*pfn, search->nr);
			return -EINTR;
		}
		if (!err)
			return 0;
		pr_debug("window of %lu pages at pfn 0x%lx, cost %lu: busy\n",
			 search->nr, *pfn, window.cost);
		search->windows++;
	}
	return -ENOMEM;
}

static int kshm_contig_scan(struct kshm_scan *scan, unsigned long nr)
{
	ktime_t start = ktime_get();
	int err = kshm_scan_update(scan);

	trace_kshm_scan(nr, kshm_scan_longest(scan),
			ktime_us_delta(ktime_get(), start));
	return err;
}

/* Returns 0, -ENOMEM or -EINTR. */
static int kshm_search_memory(struct kshm_search *search, unsigned long *pfn)
{
	unsigned int delay = KSHM_SCAN_DELAY_MS;
	int err, scans = 0;

	lockdep_assert_held(&kshm_contig_lock);

	for (;;) {
		err = kshm_contig_scan(&search->scan, search->nr);
		if (err)
			return err;
		/* Waiting does not make memory. */
		if (search->nr > kshm_scan_total(&search->scan) ||
		    search->nr > kshm_contig_limit(&search->scan))
			return -ENOMEM;
		err = kshm_search_windows(search, pfn);
		if (err != -ENOMEM || ++scans == KSHM_MAX_SCANS ||
		    kshm_search_is_over(search))
			return err;
		kshm_lru_drain_all();
		schedule_timeout_killable(msecs_to_jiffies(delay));
		delay *= 2;
	}
}

/*
 * A little less than the limit, as what is available changes until the next
 * request.
 */
static unsigned long kshm_contig_longest(const struct kshm_scan *scan)
{
	unsigned long limit = kshm_contig_limit(scan);

	return min(kshm_scan_longest(scan), limit - limit / 64);
}

static int kshm_contig_alloc(struct kshm_memory *mem,
			     const struct kshm_mem_spec *spec,
			     const char *owner, u64 *largest)
{
	struct kshm_search search = {
		.nr = mem->size >> PAGE_SHIFT,
	};
	unsigned long pfn;
	int err;

	err = kshm_scan_begin(&search.scan, spec);
	if (err)
		return err;
	err = mutex_lock_killable(&kshm_contig_lock);
	if (err)
		goto out_end;
	search.deadline = jiffies + msecs_to_jiffies(KSHM_CONTIG_TIME_MS);
	err = kshm_search_memory(&search, &pfn);
	if (err == -ENOMEM)
		*largest = PFN_PHYS((u64)kshm_contig_longest(&search.scan));
	kshm_scan_end(&search.scan);
	mutex_unlock(&kshm_contig_lock);
	if (err)
		return err;

	mem->ops = &kshm_contig_ops;
	kshm_range_init_memory(mem, pfn);
	return 0;

out_end:
	kshm_scan_end(&search.scan);
	return err;
}

/**
 * kshm_contig_largest() - the most pages that would be found now
 * @spec: all but the size counts
 *
 * Context: process, may sleep. A fatal signal ends it.
 * Return: a number of pages; 0 for none, after a signal, and when there is no
 * memory for the scan.
 */
unsigned long kshm_contig_largest(const struct kshm_mem_spec *spec)
{
	unsigned long nr = 0;
	struct kshm_scan scan;

	if (kshm_scan_begin(&scan, spec))
		return 0;
	if (!kshm_contig_scan(&scan, 0))
		nr = kshm_contig_longest(&scan);
	kshm_scan_end(&scan);
	return nr;
}

/**
 * kshm_contig_realloc_folios() - replace single pages by folios in place
 * @pfn: first page frame of a range of single pages, aligned to a block
 * @nr:  number of pages; a block that is not whole stays as it is
 *
 * For kernels that make folios only when they allocate: each block is freed and
 * allocated again as a folio. The rest of the range stays allocated meanwhile,
 * so that a block's buddy is never free; see kshm_alloc_contig_folio().
 *
 * Context: process, may sleep.
 * Return: 0; an errno when somebody else got a page in between, or after a
 * fatal signal: then the whole range is freed.
 */
int kshm_contig_realloc_folios(unsigned long pfn, unsigned long nr)
{
	unsigned long i, end = pfn + nr;
	int err;

	if (!KSHM_CAN_ALLOC_FOLIO)
		return 0;
	err = mutex_lock_killable(&kshm_contig_lock);
	if (err) {
		kshm_range_free(pfn, nr);
		return err;
	}
	for (i = pfn; end - i >= KSHM_BLOCK_PAGES; i += KSHM_BLOCK_PAGES) {
		unsigned long page;

		kshm_hotplug_read_lock();
		for (page = i; page < i + KSHM_BLOCK_PAGES; page++)
			__free_page(pfn_to_page(page));
		err = kshm_alloc_contig_folio(i);
		if (err)
			kshm_hotplug_alloc_failed();
		kshm_hotplug_read_unlock();
		if (err) {
			kshm_range_free(pfn, i - pfn);
			i += KSHM_BLOCK_PAGES;
			kshm_range_free(i, end - i);
			break;
		}
	}
	mutex_unlock(&kshm_contig_lock);
	return err;
}

const struct kshm_backing_ops kshm_contig_ops = {
	.id = KSHM_BACKING_CONTIG,
	.name = "contig",
	.alloc = kshm_contig_alloc,
	.free = kshm_range_free_memory,
	.set_cache = kshm_range_set_cache,
	.set_mapping = kshm_range_set_mapping,
	.kaddr = kshm_range_kaddr,
	.fault = kshm_range_fault,
};
