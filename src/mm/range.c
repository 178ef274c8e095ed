// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of physically contiguous pages that kshm owns. A block of such a range
 * may be one folio of the size that a huge page-table entry maps; all else is
 * single pages, or smaller folios. kshm holds one reference to each folio.
 *
 * The pages look like page cache to page faults, futexes and rmap: they have
 * the mapping and the index of a file, but no entry in its page cache. See
 * doc/design.rst.
 *
 * Pages are found by their number, never by adding to a pointer, as the memory
 * map has holes on some machines.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#include <uapi/linux/kshm.h>

#include "internal.h"

/*
 * All memory with struct pages. The scan leaves it out: single pages of kshm
 * look as if they could be migrated.
 */
static LIST_HEAD(kshm_ranges);
static DEFINE_SPINLOCK(kshm_ranges_lock);	/* guards kshm_ranges */

/* Whether any page of a range has a memory error. */
bool kshm_range_has_hwpoison(unsigned long pfn, unsigned long nr)
{
	for (; nr; pfn++, nr--) {
		if (PageHWPoison(pfn_to_page(pfn)))
			return true;
	}
	return false;
}

/*
 * Mark the folio dirty in advance, so that no fault has to do it. The scan
 * reads the mapping of any page at any time, without a lock.
 */
static void kshm_folio_set_mapping(struct folio *folio,
				   struct address_space *mapping, pgoff_t index)
{
	WRITE_ONCE(folio->mapping, mapping);
	folio->index = index;
	folio_set_dirty(folio);
}

/*
 * Truncation does the same. A pin may outlive the mapping, and FUSE complains
 * about dirty pages that it takes from a pipe.
 */
void kshm_folio_clear_mapping(struct folio *folio)
{
	folio_lock(folio);
	folio_clear_dirty(folio);
	WRITE_ONCE(folio->mapping, NULL);
	folio_unlock(folio);
}

/**
 * kshm_range_free() - free a range
 * @pfn: first page frame
 * @nr:  number of pages
 *
 * Pages with references of others stay until those are dropped. A folio with a
 * memory error is never freed: the page allocator would hand it out again, as
 * it looks for errors in single pages only.
 *
 * Context: process, may sleep.
 */
void kshm_range_free(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	while (pfn < end) {
		struct folio *folio = page_folio(pfn_to_page(pfn));
		/* The folio may be gone after folio_put(). */
		unsigned long pages = folio_nr_pages(folio);

		kshm_folio_clear_mapping(folio);
		if (kshm_range_has_hwpoison(pfn, pages))
			pr_warn("%lu bytes at %pa have a memory error and are not used again\n",
				pages << PAGE_SHIFT,
				&(phys_addr_t){ PFN_PHYS(pfn) });
		else
			folio_put(folio);
		pfn += pages;
		cond_resched();
	}
}

/**
 * kshm_range_zero() - zero a range
 * @pfn: first page frame
 * @nr:  number of pages
 *
 * Context: process, may sleep.
 * Return: 0, or -EINTR when a fatal signal ended it.
 */
int kshm_range_zero(unsigned long pfn, unsigned long nr)
{
	for (; nr; pfn++, nr--) {
		if (fatal_signal_pending(current))
			return -EINTR;
		clear_page(page_address(pfn_to_page(pfn)));
		cond_resched();
	}
	return 0;
}

/**
 * kshm_range_make_folios() - make folios of single pages
 * @pfn: first page frame
 * @nr:  number of pages; a block that is not whole stays as it is
 *
 * Does nothing on kernels that can allocate a folio in a chosen block. Elsewhere
 * a block with a page to which somebody has a short reference stays single
 * pages.
 *
 * Context: process; nobody else uses the pages.
 * Return: 0; -EBUSY when a block was lost: then the whole range is freed.
 */
int kshm_range_make_folios(unsigned long pfn, unsigned long nr)
{
	unsigned long i, end = pfn + nr;
	int err;

	for (i = pfn; end - i >= KSHM_BLOCK_PAGES; i += KSHM_BLOCK_PAGES) {
		struct page *head = pfn_to_page(i);

		if (KSHM_CAN_PREP_COMPOUND) {
			kshm_prep_compound(head, KSHM_BLOCK_ORDER);
			continue;
		}
		err = kshm_realloc_compound(head, KSHM_BLOCK_ORDER);
		if (err) {
			kshm_range_free(pfn, i - pfn);
			i += KSHM_BLOCK_PAGES;
			kshm_range_free(i, end - i);
			return err;
		}
	}
	return 0;
}

static unsigned long kshm_range_entry_size(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;

	while (KSHM_HAS_HUGE && pfn < end) {
		unsigned long pages = compound_nr(pfn_to_page(pfn));

		if (pages == KSHM_BLOCK_PAGES)
			return PMD_SIZE;
		pfn += pages;
	}
	return PAGE_SIZE;
}

/* @pfn is the first page frame of @mem, whose size and ops are set. */
void kshm_range_init_memory(struct kshm_memory *mem, unsigned long pfn)
{
	mem->phys = PFN_PHYS(pfn);
	mem->vaddr = page_address(pfn_to_page(pfn));
	mem->node = page_to_nid(pfn_to_page(pfn));
	mem->entry_size = kshm_range_entry_size(pfn, mem->size >> PAGE_SHIFT);
	spin_lock(&kshm_ranges_lock);
	list_add(&mem->list, &kshm_ranges);
	spin_unlock(&kshm_ranges_lock);
}

/* Undo kshm_range_init_memory(). */
void kshm_range_exit_memory(struct kshm_memory *mem)
{
	spin_lock(&kshm_ranges_lock);
	list_del(&mem->list);
	spin_unlock(&kshm_ranges_lock);
}

void kshm_range_free_memory(struct kshm_memory *mem)
{
	kshm_range_set_cache(mem, KSHM_CACHE_WB);
	kshm_range_exit_memory(mem);
	kshm_range_free(PHYS_PFN(mem->phys), mem->size >> PAGE_SHIFT);
}

/* Call @fn, which must not sleep, for each range that kshm owns. */
void kshm_range_for_each(void (*fn)(unsigned long pfn, unsigned long nr,
				    void *data), void *data)
{
	struct kshm_memory *mem;

	spin_lock(&kshm_ranges_lock);
	list_for_each_entry(mem, &kshm_ranges, list)
		fn(PHYS_PFN(mem->phys), mem->size >> PAGE_SHIFT, data);
	spin_unlock(&kshm_ranges_lock);
}

void kshm_range_set_mapping(const struct kshm_memory *mem,
			    struct address_space *mapping)
{
	unsigned long pfn = PHYS_PFN(mem->phys);
	unsigned long i, nr = mem->size >> PAGE_SHIFT;

	for (i = 0; i < nr; ) {
		struct folio *folio = page_folio(pfn_to_page(pfn + i));

		kshm_folio_set_mapping(folio, mapping, i);
		i += folio_nr_pages(folio);
		cond_resched();
	}
}

/*
 * Hardened usercopy wants a copy to stay in one folio. Reading a page with a
 * memory error would be a machine check in the kernel.
 */
void *kshm_range_kaddr(const struct kshm_memory *mem, u64 pos, size_t *len)
{
	unsigned long pfn = PHYS_PFN(mem->phys + pos);
	struct page *page = pfn_to_page(pfn);
	struct folio *head = page_folio(page);
	unsigned long end = page_to_pfn(folio_page(head, 0)) +
			    folio_nr_pages(head);
	size_t room = PAGE_SIZE - offset_in_page(pos);

	if (PageHWPoison(page))
		return NULL;
	for (pfn++; pfn < end && room < *len; pfn++) {
		if (PageHWPoison(pfn_to_page(pfn)))
			break;
		room += PAGE_SIZE;
	}
	*len = min(*len, room);
	return page_address(page) + offset_in_page(pos);
}

/*
 * finish_fault() maps the whole folio by a huge entry if there is no page table
 * yet. It must not do so when one of the pages has a memory error.
 */
static bool kshm_may_map(struct page *page, pmd_t pmd)
{
	struct folio *head = page_folio(page);
	unsigned long nr = folio_nr_pages(head);

	if (PageHWPoison(page))
		return false;
	if (nr == 1 || !pmd_none(pmd) ||
	    !kshm_range_has_hwpoison(page_to_pfn(folio_page(head, 0)), nr))
		return true;
	folio_set_has_hwpoisoned(head);
	return KSHM_SPLITS_HWPOISONED;
}

/*
 * Return the page with a reference, as filemap_fault() does; the caller,
 * finish_fault(), installs the entry with rmap. vmf_insert_page() and the like
 * would make the VMA VM_MIXEDMAP, which breaks the accounting of huge entries.
 */
vm_fault_t kshm_range_fault(const struct kshm_memory *mem, struct vm_fault *vmf)
{
	struct page *page = pfn_to_page(PHYS_PFN(mem->phys) + vmf->pgoff);

	if (!kshm_may_map(page, READ_ONCE(*vmf->pmd)))
		return VM_FAULT_HWPOISON;
	/*
	 * Each page-table entry counts, and with much memory there is room for
	 * more entries than the count can hold. Stop half-way, as pinning does;
	 * try_get_page() would warn, which a user could trigger.
	 */
	if (page_count(page) <= 0)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}
