/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The migrate type of a pageblock. The kernel does not export its own function,
 * but the bitmap can be read through its inline functions.
 */
#ifndef KSHM_PAGEBLOCK_H
#define KSHM_PAGEBLOCK_H

#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pageblock-flags.h>

/* 6.17 gave the isolated state a bit of its own and renamed the mask. */
#ifndef PAGEBLOCK_MIGRATETYPE_MASK
#define PAGEBLOCK_MIGRATETYPE_MASK	MIGRATETYPE_MASK
#endif
#ifndef PAGEBLOCK_ISO_MASK
#define PAGEBLOCK_ISO_MASK		0UL
#endif

/* The size of a pageblock is a variable on some machines, and not exported. */
#ifdef CONFIG_HUGETLB_PAGE_SIZE_VARIABLE
static inline unsigned long kshm_pageblock_bits(struct page *page)
{
	return MIGRATE_MOVABLE;
}
#else
static inline unsigned long kshm_pageblock_bits(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	const unsigned long *map;
	unsigned long bit;

#ifdef CONFIG_SPARSEMEM
	map = section_to_usemap(__pfn_to_section(pfn));
	pfn &= PAGES_PER_SECTION - 1;
#else
	map = page_zone(page)->pageblock_flags;
	pfn -= round_down(page_zone(page)->zone_start_pfn, pageblock_nr_pages);
#endif
	bit = (pfn >> pageblock_order) * NR_PAGEBLOCK_BITS;
	return READ_ONCE(map[BIT_WORD(bit)]) >> (bit % BITS_PER_LONG);
}
#endif

/**
 * kshm_pageblock_is_isolated() - whether somebody is allocating or offlining it
 * @page: a page of the pageblock; its section is online
 *
 * Context: any; the answer may be old when it arrives.
 * Return: true for a pageblock that the page allocator sets apart; always false
 * where this cannot be read.
 */
static inline bool kshm_pageblock_is_isolated(struct page *page)
{
	unsigned long bits = kshm_pageblock_bits(page);

#ifdef CONFIG_MEMORY_ISOLATION
	return PAGEBLOCK_ISO_MASK ?
		bits & PAGEBLOCK_ISO_MASK :
		(bits & PAGEBLOCK_MIGRATETYPE_MASK) == MIGRATE_ISOLATE;
#else
	return false;
#endif
}

/**
 * kshm_pageblock_is_cma() - whether a pageblock belongs to a CMA area
 * @page: a page of the pageblock; its section is online
 *
 * Context: any.
 * Return: true for a CMA pageblock; always false where this cannot be read, and
 * before 6.17 for one that is isolated.
 */
static inline bool kshm_pageblock_is_cma(struct page *page)
{
#ifdef CONFIG_CMA
	return (kshm_pageblock_bits(page) & PAGEBLOCK_MIGRATETYPE_MASK) ==
	       MIGRATE_CMA;
#else
	return false;
#endif
}

#endif /* KSHM_PAGEBLOCK_H */
