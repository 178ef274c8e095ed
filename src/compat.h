/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels, and nothing else. No other file tests a kernel
 * version or one of Kbuild's probes.
 */
#ifndef KSHM_COMPAT_H
#define KSHM_COMPAT_H

#include <linux/bits.h>
#include <linux/compat.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/splice.h>
#include <linux/version.h>

/* 6.4 dropped the owner. */
#ifdef KSHM_HAVE_CLASS_OWNER
#define kshm_class_create(name)	class_create(THIS_MODULE, name)
#else
#define kshm_class_create(name)	class_create(name)
#endif

/* 6.5 renamed the splice that copies through read_iter. */
#ifdef KSHM_HAVE_COPY_SPLICE_READ
#define kshm_splice_read	copy_splice_read
#else
#define kshm_splice_read	generic_file_splice_read
#endif

/* 6.3 made vm_flags read-only. */
#ifndef KSHM_HAVE_VM_FLAGS_SET
static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma,
				  unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

/*
 * Put a page or the head of a compound page into a file's address space as
 * far as faults, futexes and rmap are concerned: it gets a mapping and an
 * index, yet no entry in the page cache. It is marked dirty in advance, so
 * that no fault has to do it. Who looks for memory reads mappings of any page
 * meanwhile, without a lock.
 */
#ifdef KSHM_HAVE_FOLIO
static inline void kshm_page_attach(struct page *head,
				    struct address_space *mapping,
				    pgoff_t index)
{
	struct folio *folio = page_folio(head);

	WRITE_ONCE(folio->mapping, mapping);
	folio->index = index;
	folio_set_dirty(folio);
}

/*
 * As truncation does: a pin may outlive the mapping, and who gets the page from
 * a pipe wants a clean one.
 */
static inline void kshm_page_detach(struct page *head)
{
	struct folio *folio = page_folio(head);

	folio_lock(folio);
	folio_clear_dirty(folio);
	WRITE_ONCE(folio->mapping, NULL);
	folio_unlock(folio);
}
#else
static inline void kshm_page_attach(struct page *head,
				    struct address_space *mapping,
				    pgoff_t index)
{
	WRITE_ONCE(head->mapping, mapping);
	head->index = index;
	SetPageDirty(head);
}

static inline void kshm_page_detach(struct page *head)
{
	lock_page(head);
	ClearPageDirty(head);
	WRITE_ONCE(head->mapping, NULL);
	unlock_page(head);
}
#endif

/*
 * thp_get_unmapped_area() aligns DAX files only before 5.18, and nothing for
 * 32-bit programs. Ask it for a huge page more than needed and move to where
 * address and offset agree.
 */
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
static inline unsigned long
kshm_get_unmapped_area(struct file *file, unsigned long addr,
		       unsigned long len, unsigned long pgoff,
		       unsigned long flags)
{
	bool aligns = LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0) &&
		      !in_compat_syscall();
	unsigned long start;

	if (!aligns && !addr && !(flags & MAP_FIXED) && len >= PMD_SIZE &&
	    len + PMD_SIZE > len) {
		start = thp_get_unmapped_area(file, 0, len + PMD_SIZE, pgoff,
					      flags);
		if (!IS_ERR_VALUE(start))
			return start + (((pgoff << PAGE_SHIFT) - start) &
					(PMD_SIZE - 1));
	}
	return thp_get_unmapped_area(file, addr, len, pgoff, flags);
}
#else
#define kshm_get_unmapped_area	NULL
#endif

/* 6.8 renamed it; whether it is the largest order or one more is no matter. */
#ifdef MAX_PAGE_ORDER
#define KSHM_MAX_ORDER		MAX_PAGE_ORDER
#else
#define KSHM_MAX_ORDER		MAX_ORDER
#endif

/*
 * The page allocator's interfaces for a chosen range.
 *
 * kshm_take_range() takes a range as single pages with a reference each.
 *
 * kshm_take_folio() takes one aligned block of PMD_ORDER as one zeroed folio
 * with one reference, straight from free or movable memory.
 *
 * kshm_join_pages() joins a block of single pages that the caller owns to
 * one folio, unless somebody has a reference to one of them by mistake: who
 * looked for a page that was here before takes one, sees what it is, and drops
 * it. It is not there on newer kernels, where the layout of a folio is the
 * kernel's own affair.
 */
#define KSHM_RANGE_GFP	(GFP_KERNEL | __GFP_NOWARN)

#ifdef KSHM_HAVE_ACR_FLAGS
#define KSHM_RANGE_TYPE	ACR_FLAGS_NONE
#else
#define KSHM_RANGE_TYPE	MIGRATE_MOVABLE
#endif

static inline int kshm_take_range(unsigned long pfn, unsigned long nr)
{
#ifdef CONFIG_CONTIG_ALLOC
	return alloc_contig_range(pfn, pfn + nr, KSHM_RANGE_TYPE,
				  KSHM_RANGE_GFP);
#else
	return -EOPNOTSUPP;
#endif
}

#if !defined(CONFIG_TRANSPARENT_HUGEPAGE) || !defined(CONFIG_CONTIG_ALLOC)
#define KSHM_CAN_TAKE_FOLIO	0
#define KSHM_CAN_JOIN		0
#elif defined(KSHM_HAVE_CONTIG_FROZEN) || defined(KSHM_HAVE_CONTIG_COMP)
#define KSHM_CAN_TAKE_FOLIO	1
#define KSHM_CAN_JOIN		0
#elif defined(KSHM_HAVE_COMPOUND_PTRS) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define KSHM_CAN_TAKE_FOLIO	0
#define KSHM_CAN_JOIN		1
#else
#define KSHM_CAN_TAKE_FOLIO	0
#define KSHM_CAN_JOIN		0
#endif

/*
 * Blocks of a folio's size that one call must take together. Before 5.19 the
 * page allocator sets memory apart in units of its largest order, and a unit
 * with a part that is taken already does not come.
 */
#if KSHM_CAN_TAKE_FOLIO || defined(KSHM_HAVE_BLOCK_ISOLATION) || \
	defined(MAX_PAGE_ORDER)
#define KSHM_TAKE_BLOCKS	1UL
#else
#define KSHM_TAKE_BLOCKS	BIT(MAX_ORDER - 1 - KSHM_FOLIO_ORDER)
#endif

/* Huge page-table entries for anything but hugetlbfs. */
#define KSHM_HAS_HUGE		IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE)
#define KSHM_FOLIO_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define KSHM_FOLIO_PAGES	BIT(KSHM_FOLIO_ORDER)

#if KSHM_CAN_TAKE_FOLIO
static inline int kshm_take_folio(unsigned long pfn)
{
	const gfp_t gfp = KSHM_RANGE_GFP | __GFP_COMP | __GFP_ZERO;
	const unsigned long end = pfn + KSHM_FOLIO_PAGES;
#ifdef KSHM_HAVE_CONTIG_FROZEN
	int err = alloc_contig_frozen_range(pfn, end, KSHM_RANGE_TYPE, gfp);

	if (!err)
		set_page_count(pfn_to_page(pfn), 1);
	return err;
#else
	return alloc_contig_range(pfn, end, KSHM_RANGE_TYPE, gfp);
#endif
}
#else
static inline int kshm_take_folio(unsigned long pfn)
{
	return -EOPNOTSUPP;
}
#endif

#if KSHM_CAN_JOIN
static inline void kshm_join_pages(struct page *head)
{
	unsigned long i;

	for (i = 1; i < KSHM_FOLIO_PAGES; i++) {
		if (page_ref_freeze(head + i, 1))
			continue;
		while (--i)
			page_ref_unfreeze(head + i, 1);
		return;
	}
	/* Somebody who looks at it by mistake may lock it for a moment. */
	set_bit(PG_head, &head->flags);
	for (i = 1; i < KSHM_FOLIO_PAGES; i++) {
		struct page *tail = head + i;

		tail->mapping = TAIL_MAPPING;
		set_page_private(tail, 0);
		set_compound_head(tail, head);
	}
	set_compound_page_dtor(head, COMPOUND_PAGE_DTOR);
	set_compound_order(head, KSHM_FOLIO_ORDER);
	atomic_set(compound_mapcount_ptr(head), -1);
	atomic_set(compound_pincount_ptr(head), 0);
}
#else
static inline void kshm_join_pages(struct page *head)
{
}
#endif

/*
 * Whether kshm_take_range() hands out zeroed pages. From 5.16 on it
 * initializes them as any other allocation; before, only the allocator's fast
 * path did.
 */
static inline bool kshm_range_is_zeroed(void)
{
#ifdef KSHM_HAVE_FOLIO
	return want_init_on_free() || want_init_on_alloc(GFP_KERNEL);
#else
	return false;
#endif
}

#endif /* KSHM_COMPAT_H */
