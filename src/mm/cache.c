// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the processor caches a buffer. All mappings of a page must agree: two
 * memory types for one page are undefined on x86. So the linear map changes
 * before any program can map the page, and is normal again before the page is
 * freed. read(), write() and the kernel's own copies then use the same type as
 * the programs, as they go through the linear map.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include <uapi/linux/kshm.h>

#include "../compat/cache.h"
#include "internal.h"

/* The caches are flushed for each step, to reschedule between. */
#define KSHM_CACHE_STEP		((unsigned long)PHYS_PFN(SZ_32M))

/**
 * kshm_cache_prot() - the protection bits for a mapping of a program
 * @mem:  what is mapped
 * @prot: the bits without a cache mode
 *
 * Context: any.
 * Return: the bits with that of @mem.
 */
pgprot_t kshm_cache_prot(const struct kshm_memory *mem, pgprot_t prot)
{
	switch (mem->cache) {
	case KSHM_CACHE_WC:
		return pgprot_writecombine(prot);
	case KSHM_CACHE_UC:
		return pgprot_noncached(prot);
	}
	return prot;
}

static int kshm_cache_set_step(unsigned long pfn, unsigned long nr, u32 cache)
{
	unsigned long addr = (unsigned long)page_address(pfn_to_page(pfn));

	switch (cache) {
	case KSHM_CACHE_WC:
		return set_memory_wc(addr, nr);
	case KSHM_CACHE_UC:
		return set_memory_uc(addr, nr);
	}
	return set_memory_wb(addr, nr);
}

static int kshm_cache_set(unsigned long pfn, unsigned long nr, u32 cache)
{
	unsigned long step;
	int err;

	for (; nr; pfn += step, nr -= step) {
		if (cache != KSHM_CACHE_WB && fatal_signal_pending(current))
			return -EINTR;
		step = min(nr, KSHM_CACHE_STEP);
		err = kshm_cache_set_step(pfn, step, cache);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

/*
 * Memory that cannot become normal again is not used again: as long as somebody
 * has a reference to it, it is not freed.
 */
static int kshm_cache_restore(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;
	int err;

	err = kshm_cache_set(pfn, nr, KSHM_CACHE_WB);
	if (!err)
		return 0;
	pr_err("%lu bytes at %pa cannot be cached again and are lost: error %d\n",
	       nr << PAGE_SHIFT, &(phys_addr_t){ PFN_PHYS(pfn) }, err);
	while (pfn < end) {
		struct folio *folio = page_folio(pfn_to_page(pfn));

		folio_get(folio);
		pfn += folio_nr_pages(folio);
	}
	return err;
}

/**
 * kshm_range_set_cache() - change how a range is cached
 * @mem:   a range with struct pages, mapped by no program
 * @cache: KSHM_CACHE_*
 *
 * On failure the range is normal memory, or nobody will use it again.
 *
 * Context: process, may sleep.
 * Return: 0; -EOPNOTSUPP when the architecture cannot do it; -ENOMEM when there
 * is no memory for page tables; -EINTR; another errno when the kernel refuses.
 */
int kshm_range_set_cache(struct kshm_memory *mem, u32 cache)
{
	unsigned long nr = mem->size >> PAGE_SHIFT;
	unsigned long pfn = PHYS_PFN(mem->phys);
	int err;

	if (mem->cache == cache)
		return 0;
	if (!KSHM_CAN_SET_CACHE) {
		pr_err("this architecture cannot change how pages are cached\n");
		return -EOPNOTSUPP;
	}
	if (cache == KSHM_CACHE_WB) {
		err = kshm_cache_restore(pfn, nr);
	} else {
		err = kshm_cache_set(pfn, nr, cache);
		if (err)
			kshm_cache_restore(pfn, nr);
	}
	if (!err)
		mem->cache = cache;
	return err;
}
