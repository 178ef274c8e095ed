/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page allocator's interface for a chosen range of page frames.
 */
#ifndef KSHM_CONTIG_H
#define KSHM_CONTIG_H

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "compat.h"
#include "compound.h"

/* A block of memory is what one huge page-table entry maps. */
#define KSHM_BLOCK_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define KSHM_BLOCK_PAGES	BIT(KSHM_BLOCK_ORDER)

/*
 * Blocks of one group can merge to a free block of the page allocator's largest
 * order.
 */
#define KSHM_GROUP_BLOCKS	BIT(max(MAX_PAGE_ORDER - KSHM_BLOCK_ORDER, 0))

/* Huge page-table entries for anything but hugetlbfs. */
#define KSHM_HAS_HUGE		IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE)

/* 6.16 replaced the migrate type by flags. */
#ifndef KSHM_HAVE_ACR_FLAGS
#define ACR_FLAGS_NONE		MIGRATE_MOVABLE
#endif

#define KSHM_CONTIG_GFP		(GFP_KERNEL | __GFP_NOWARN)

/*
 * 6.12 allocates a compound page in a chosen range, 7.1 without a reference. A
 * kernel that has renamed this would silently get single pages.
 */
#if defined(KSHM_HAVE_ACR_FLAGS) && !defined(KSHM_HAVE_CONTIG_FROZEN) && \
	!defined(KSHM_HAVE_CONTIG_COMP)
#error "CONTIG_FROZEN in Kbuild looks for a name that this kernel lacks"
#endif
#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && defined(CONFIG_CONTIG_ALLOC) && \
	(defined(KSHM_HAVE_CONTIG_FROZEN) || defined(KSHM_HAVE_CONTIG_COMP))
#define KSHM_CAN_ALLOC_FOLIO	1
#else
#define KSHM_CAN_ALLOC_FOLIO	0
#endif

/*
 * Blocks that one call must allocate together. The page allocator isolates whole
 * pageblocks, before 5.19 units of its largest order, and cannot isolate one of
 * which a part is already allocated by kshm. Where the size of a pageblock is a
 * variable, which is not exported, it is that of a huge page.
 */
#if defined(KSHM_HAVE_EXCLUSIVE_ORDER) && !defined(KSHM_HAVE_BLOCK_ISOLATION)
#define KSHM_UNIT_BLOCKS	KSHM_GROUP_BLOCKS
#elif defined(CONFIG_HUGETLB_PAGE_SIZE_VARIABLE)
#define KSHM_UNIT_BLOCKS	1UL
#else
#define KSHM_UNIT_BLOCKS \
	BIT(max_t(int, (int)pageblock_order - KSHM_BLOCK_ORDER, 0))
#endif

/**
 * kshm_alloc_contig_pages() - allocate a range as single pages
 * @pfn: first page frame
 * @nr:  number of pages
 *
 * Context: process, may sleep.
 * Return: 0, each page with one reference; -EBUSY; -EINTR; -ENOMEM;
 * -EOPNOTSUPP on kernels without CONFIG_CONTIG_ALLOC.
 */
static inline int kshm_alloc_contig_pages(unsigned long pfn, unsigned long nr)
{
#ifdef CONFIG_CONTIG_ALLOC
	return alloc_contig_range(pfn, pfn + nr, ACR_FLAGS_NONE,
				  KSHM_CONTIG_GFP);
#else
	return -EOPNOTSUPP;
#endif
}

/**
 * kshm_contig_pages_are_zeroed() - whether that range is zeroed
 *
 * From 5.16 on alloc_contig_range() initializes pages as any other allocation
 * does; before, only the allocator's fast path did.
 *
 * Context: any.
 * Return: true when it is.
 */
static inline bool kshm_contig_pages_are_zeroed(void)
{
#ifdef KSHM_HAVE_FOLIO
	return want_init_on_free() || want_init_on_alloc(GFP_KERNEL);
#else
	return false;
#endif
}

/**
 * kshm_alloc_contig_folio() - allocate an aligned block as one zeroed folio
 * @pfn: first page frame
 *
 * While the buddy of the block is isolated by somebody else and free, the
 * kernel merges both, then cannot allocate the block, warns and leaks it. So
 * the caller keeps the buddy from being wholly free.
 *
 * Context: process, may sleep.
 * Return: 0, with one reference; -EBUSY; -EINTR; -ENOMEM; -EOPNOTSUPP where
 * !KSHM_CAN_ALLOC_FOLIO.
 */
static inline int kshm_alloc_contig_folio(unsigned long pfn)
{
#if !KSHM_CAN_ALLOC_FOLIO
	return -EOPNOTSUPP;
#elif defined(KSHM_HAVE_CONTIG_FROZEN)
	int err = alloc_contig_frozen_range(pfn, pfn + KSHM_BLOCK_PAGES,
					    ACR_FLAGS_NONE, KSHM_CONTIG_GFP |
					    __GFP_COMP | __GFP_ZERO);

	if (!err)
		set_page_count(pfn_to_page(pfn), 1);
	return err;
#else
	return alloc_contig_range(pfn, pfn + KSHM_BLOCK_PAGES, ACR_FLAGS_NONE,
				  KSHM_CONTIG_GFP | __GFP_COMP | __GFP_ZERO);
#endif
}

#endif /* KSHM_CONTIG_H */
