// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page_ref.h>
#include <linux/preempt.h>

#include "compat.h"
#include "compound.h"
#include "pageblock.h"

#if KSHM_CAN_PREP_COMPOUND || KSHM_CAN_REALLOC_COMPOUND
/*
 * Take the reference from each tail page. Fails when a page has another one:
 * somebody looked it up when it was used for something else, for example in the
 * page cache, will notice that it has changed, and drop the reference.
 */
static bool kshm_freeze_tails(struct page *head, unsigned long nr)
{
	unsigned long i;

	for (i = 1; i < nr; i++) {
		if (page_ref_freeze(head + i, 1))
			continue;
		while (--i)
			page_ref_unfreeze(head + i, 1);
		return false;
	}
	return true;
}
#endif

#if KSHM_CAN_PREP_COMPOUND
/**
 * kshm_prep_compound() - make one compound page of single pages
 * @head:  first page; the caller owns all pages, with one reference each
 * @order: order of the compound page; @head is aligned to it
 *
 * Leaves the pages as prep_compound_page() of 5.10 to 6.1 does.
 *
 * Fails when a tail page has another reference, as its count must be 0 then.
 *
 * Context: any.
 * Return: true when it is one compound page with one reference now; false when
 * nothing was changed.
 */
bool kshm_prep_compound(struct page *head, unsigned int order)
{
	unsigned long i, nr = BIT(order);

	if (!kshm_freeze_tails(head, nr))
		return false;
	/*
	 * Atomic, as a late user of the head page may lock it for a moment,
	 * which changes the same word.
	 */
	set_bit(PG_head, &head->flags);
	for (i = 1; i < nr; i++) {
		struct page *tail = head + i;

		tail->mapping = TAIL_MAPPING;
		set_page_private(tail, 0);
		set_compound_head(tail, head);
	}
	set_compound_page_dtor(head, COMPOUND_PAGE_DTOR);
	set_compound_order(head, order);
	atomic_set(compound_mapcount_ptr(head), -1);
	atomic_set(compound_pincount_ptr(head), 0);
	return true;
}
#endif

#if KSHM_CAN_REALLOC_COMPOUND
/*
 * How many other blocks of this order the page allocator may have at hand before
 * the one that was freed last.
 */
#define KSHM_MAX_MISSES	8

/* The zone and the mobility of a page, so that the allocator looks there. */
static gfp_t kshm_page_gfp(struct page *page)
{
	gfp_t gfp = __GFP_THISNODE;

#ifdef CONFIG_ZONE_DMA
	if (page_zonenum(page) == ZONE_DMA)
		gfp |= __GFP_DMA;
#endif
#ifdef CONFIG_ZONE_DMA32
	if (page_zonenum(page) == ZONE_DMA32)
		gfp |= __GFP_DMA32;
#endif
	switch (kshm_pageblock_bits(page) & PAGEBLOCK_MIGRATETYPE_MASK) {
	case MIGRATE_UNMOVABLE:
		return gfp;
	case MIGRATE_RECLAIMABLE:
		return gfp | __GFP_RECLAIMABLE;
	default:
		return gfp | __GFP_MOVABLE;
	}
}

/**
 * kshm_realloc_compound() - free pages and allocate them as one compound page
 * @head:  first page; the caller owns all pages, with one reference each
 * @order: order of the compound page, that of a huge page-table entry; @head is
 *	   aligned to it
 *
 * For kernels that neither allocate a compound page in a chosen range nor have a
 * layout of compound pages that kshm knows. Blocks of this order go through a
 * list of the processor, which hands out first what it got last.
 *
 * A block in which a tail page has another reference stays single pages, as does
 * one with a memory error, which the allocator would not hand out again.
 *
 * Context: any but hard interrupts.
 * Return: 0, with @head as compound page with one reference, zeroed, or with
 * nothing changed; -EBUSY when the pages were freed and somebody else got them.
 */
int kshm_realloc_compound(struct page *head, unsigned int order)
{
	gfp_t gfp = GFP_NOWAIT | __GFP_HIGH | __GFP_COMP | __GFP_ZERO |
		    __GFP_NOWARN | kshm_page_gfp(head);
	struct page *page, *misses[KSHM_MAX_MISSES];
	int node = page_to_nid(head), nr = 0;
	unsigned long i;

	for (i = 0; i < BIT(order); i++) {
		if (PageHWPoison(head + i))
			return 0;
	}
	if (!kshm_freeze_tails(head, BIT(order)))
		return 0;

	migrate_disable();
	__free_pages(head, order);
	while ((page = alloc_pages_node(node, gfp, order))) {
		if (page == head || nr == KSHM_MAX_MISSES)
			break;
		misses[nr++] = page;
	}
	migrate_enable();

	while (nr)
		__free_pages(misses[--nr], order);
	if (page == head)
		return 0;
	if (page)
		__free_pages(page, order);
	return -EBUSY;
}
#endif
