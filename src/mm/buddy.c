// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small buffers, directly from the page allocator.
 */
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/pfn.h>

#include <uapi/linux/kshm.h>

#include "internal.h"

/*
 * Not alloc_pages_exact(), which takes no node. A power of two up to a block
 * becomes one compound page. Of any other number the surplus goes back at once,
 * and whole blocks become folios. Returns the first page frame, 0 when there is
 * no such memory.
 */
static unsigned long kshm_buddy_alloc_pages(const struct kshm_mem_spec *spec,
					    unsigned long nr)
{
	/* The caller handles failure: no OOM kill, no warning. */
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
		    __GFP_RETRY_MAYFAIL;
	unsigned int order = get_order(nr << PAGE_SHIFT);
	bool whole = nr == BIT(order) && nr <= KSHM_BLOCK_PAGES;
	unsigned long i, pfn;
	struct page *page;

	if (whole)
		gfp |= __GFP_COMP;
	if (kshm_spec_max_pfn(spec) <= PHYS_PFN(U32_MAX))
		gfp |= GFP_DMA32;
	if (spec->node != NUMA_NO_NODE)
		gfp |= __GFP_THISNODE;

	page = alloc_pages_node(spec->node, gfp, order);
	if (!page)
		return 0;
	pfn = page_to_pfn(page);
	if (!whole) {
		split_page(page, order);
		for (i = nr; i < BIT(order); i++)
			__free_page(pfn_to_page(pfn + i));
	}
	if (!kshm_spec_fits(spec, pfn, nr) || kshm_range_has_hwpoison(pfn, nr)) {
		kshm_range_free(pfn, nr);
		return 0;
	}
	if (nr > KSHM_BLOCK_PAGES) {
		if (kshm_range_make_folios(pfn, nr) ||
		    kshm_contig_realloc_folios(pfn, nr))
			return 0;
	}
	return pfn;
}

static int kshm_buddy_alloc(struct kshm_memory *mem,
			    const struct kshm_mem_spec *spec, const char *owner,
			    u64 *largest)
{
	unsigned long pfn, nr = mem->size >> PAGE_SHIFT;

	if (nr > KSHM_BUDDY_MAX)
		return -ENOMEM;
	pfn = kshm_buddy_alloc_pages(spec, nr);
	if (!pfn)
		return -ENOMEM;
	mem->ops = &kshm_buddy_ops;
	kshm_range_init_memory(mem, pfn);
	return 0;
}

/**
 * kshm_buddy_largest() - the most pages that the page allocator has
 * @spec:  all but the size counts
 * @limit: not more than this
 * @best:  a number that is known to succeed
 *
 * Tries the allocation and frees it again.
 *
 * Context: process, may sleep.
 * Return: a number of pages, at least @best.
 */
unsigned long kshm_buddy_largest(const struct kshm_mem_spec *spec,
				 unsigned long limit, unsigned long best)
{
	unsigned long nr = limit, pfn;

	while (nr > best) {
		pfn = kshm_buddy_alloc_pages(spec, nr);
		if (pfn) {
			kshm_range_free(pfn, nr);
			return nr;
		}
		/* All sizes of this order fail as well. */
		nr = nr > 1 ? rounddown_pow_of_two(nr - 1) : 0;
	}
	return best;
}

const struct kshm_backing_ops kshm_buddy_ops = {
	.id = KSHM_BACKING_PAGES,
	.name = "pages",
	.alloc = kshm_buddy_alloc,
	.free = kshm_range_free_memory,
	.set_cache = kshm_range_set_cache,
	.set_mapping = kshm_range_set_mapping,
	.kaddr = kshm_range_kaddr,
	.fault = kshm_range_fault,
};
