// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small buffers, straight from the page allocator.
 */
#include <linux/gfp.h>
#include <linux/mm.h>

#include "compat.h"
#include "kshm.h"

/**
 * kshm_pages_alloc() - get a zeroed row from the page allocator
 * @nr:        number of pages
 * @node:      see struct kshm_spec
 * @addr_bits: see struct kshm_spec
 *
 * A power of two up to a huge page becomes one compound page. Of any other
 * number the surplus goes back at once, and what holds whole huge pages is
 * made of folios of that size.
 *
 * Context: process, may sleep.
 * Return: the first page, or NULL when the page allocator has nothing fitting.
 */
struct page *kshm_pages_alloc(unsigned long nr, int node,
			      unsigned int addr_bits)
{
	/* Failing is no drama: no OOM killer, no trace in the log. */
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
		    __GFP_RETRY_MAYFAIL;
	unsigned int order = get_order(nr << PAGE_SHIFT);
	bool whole = nr == 1UL << order && nr <= KSHM_FOLIO_PAGES;
	struct page *page;
	unsigned long i;

	if (whole)
		gfp |= __GFP_COMP;
	if (addr_bits && addr_bits <= 32)
		gfp |= GFP_DMA32;
	if (node != NUMA_NO_NODE)
		gfp |= __GFP_THISNODE;

	page = alloc_pages_node(node, gfp, order);
	if (!page)
		return NULL;
	if (!whole) {
		split_page(page, order);
		for (i = nr; i < 1UL << order; i++)
			__free_page(page + i);
	}
	if (!kshm_row_fits(page, nr, addr_bits)) {
		kshm_row_put(page, nr);
		return NULL;
	}
	if (nr > KSHM_FOLIO_PAGES) {
		kshm_row_join(page, nr);
		if (kshm_contig_retake(page, nr))
			return NULL;
	}
	return page;
}
