/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of current kernels for older ones, so that the rest of the module reads
 * as if it were written for mainline. Only files in compat/ test a kernel
 * version or one of Kbuild's probes.
 */
#ifndef KSHM_COMPAT_H
#define KSHM_COMPAT_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/splice.h>

/* 6.4 dropped the owner. */
#ifdef KSHM_HAVE_CLASS_OWNER
#undef class_create
#define class_create(name)						\
({									\
	static struct lock_class_key __key;				\
									\
	__class_create(THIS_MODULE, name, &__key);			\
})
#endif

/* 6.8 dropped the number by which the counter grows. */
#ifdef KSHM_HAVE_EVENTFD_COUNT
#define eventfd_signal(ctx)	eventfd_signal(ctx, 1)
#endif

/* 6.5 renamed the splice function that copies through read_iter. */
#ifndef KSHM_HAVE_COPY_SPLICE_READ
#define copy_splice_read	generic_file_splice_read
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

/* 5.11 introduced it. */
#ifndef KSHM_HAVE_VMA_SET_FILE
static inline void vma_set_file(struct vm_area_struct *vma, struct file *file)
{
	get_file(file);
	swap(vma->vm_file, file);
	fput(file);
}
#endif

/* 6.8 introduced the name. Before 6.4, MAX_ORDER was one more than the order. */
#ifndef MAX_PAGE_ORDER
#ifdef KSHM_HAVE_EXCLUSIVE_ORDER
#define MAX_PAGE_ORDER	(MAX_ORDER - 1)
#else
#define MAX_PAGE_ORDER	MAX_ORDER
#endif
#endif

/*
 * Before 5.16 there was one type for all pages. As the names become the same,
 * no function has both a variable folio and a variable page.
 */
#ifndef KSHM_HAVE_FOLIO
#define folio			page
#define page_folio(page)	compound_head(page)
#define folio_page(head, n)	pfn_to_page(page_to_pfn(head) + (n))
#define folio_lock(head)	lock_page(head)
#define folio_unlock(head)	unlock_page(head)
#define folio_nr_pages(head)	compound_nr(head)
#define folio_size(head)	page_size(head)
#define folio_get(head)		get_page(head)
#define folio_put(head)		put_page(head)
#define folio_set_dirty(head)	SetPageDirty(head)
#define folio_clear_dirty(head)	ClearPageDirty(head)
#endif

/*
 * A folio with this flag is not mapped by one huge entry (5.16 and later).
 * Where the kernel has no such flag, the caller must not hand out any page of
 * the folio.
 */
#if defined(KSHM_HAVE_FOLIO) && !defined(KSHM_HAVE_HAS_HWPOISONED)
#error "HAS_HWPOISONED in Kbuild looks for a name that this kernel lacks"
#endif
#if defined(KSHM_HAVE_HAS_HWPOISONED) && defined(KSHM_HAVE_FOLIO)
#define KSHM_SPLITS_HWPOISONED	1
#else
#define KSHM_SPLITS_HWPOISONED	0
#define folio_set_has_hwpoisoned(folio)	((void)(folio))
#endif

/* 6.11 has reserve_mem= on the kernel's command line. */
#if defined(KSHM_HAVE_MOVABLE_OPS) && !defined(KSHM_HAVE_RESERVE_MEM)
#error "RESERVE_MEM in Kbuild looks for a name that this kernel lacks"
#endif
#ifdef KSHM_HAVE_RESERVE_MEM
#define KSHM_CAN_RESERVE_MEM	1
#else
#define KSHM_CAN_RESERVE_MEM	0
static inline int reserve_mem_find_by_name(const char *name, phys_addr_t *start,
					   phys_addr_t *size)
{
	return 0;
}
#endif

/* 6.17 introduced the name; before, the mapping pointer said it. */
#ifndef KSHM_HAVE_MOVABLE_OPS
#define page_has_movable_ops(page)	(!!__PageMovable(page))
#endif

#endif /* KSHM_COMPAT_H */
