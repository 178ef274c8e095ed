// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of pages: physically contiguous pages that one buffer owns, some of
 * them joined to folios of the size that one page-table entry can map. Each
 * folio and each single page of a row carries one reference of the buffer's.
 */
#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "kshm.h"

/**
 * kshm_row_put() - give a row back
 * @first: its first page
 * @nr:    number of pages
 *
 * Pages on which somebody has a reference stay until that is dropped.
 *
 * Context: process, may sleep.
 */
void kshm_row_put(struct page *first, unsigned long nr)
{
	unsigned long i = 0;

	while (i < nr) {
		struct page *head = first + i;

		i += compound_nr(head);
		kshm_page_detach(head);
		put_page(head);
		cond_resched();
	}
}

/**
 * kshm_row_attach() - tell the pages of a row whose they are
 * @first:   its first page
 * @nr:      number of pages
 * @mapping: of the inode that programs map
 *
 * Context: process.
 */
void kshm_row_attach(struct page *first, unsigned long nr,
		     struct address_space *mapping)
{
	unsigned long i;

	for (i = 0; i < nr; i += compound_nr(first + i))
		kshm_page_attach(first + i, mapping, i);
}

/**
 * kshm_row_clear() - zero the pages of a row
 * @first: its first page
 * @nr:    number of pages
 *
 * Context: process, may sleep.
 * Return: 0, or -EINTR when a fatal signal ended it.
 */
int kshm_row_clear(struct page *first, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		clear_page(page_address(first + i));
		cond_resched();
	}
	return 0;
}

/**
 * kshm_last_pfn() - last page frame that a device can reach
 * @addr_bits: see struct kshm_spec
 *
 * Context: any.
 * Return: its number.
 */
unsigned long kshm_last_pfn(unsigned int addr_bits)
{
	if (!addr_bits || addr_bits >= 64)
		return ULONG_MAX;
	return min_t(u64, (BIT_ULL(addr_bits) - 1) >> PAGE_SHIFT, ULONG_MAX);
}

/**
 * kshm_row_fits() - whether a device with few address lines reaches a row
 * @first:     its first page
 * @nr:        number of pages
 * @addr_bits: see struct kshm_spec
 *
 * Context: any.
 * Return: true when the last byte's address fits in @addr_bits bits.
 */
bool kshm_row_fits(struct page *first, unsigned long nr,
		   unsigned int addr_bits)
{
	return page_to_pfn(first) + nr - 1 <= kshm_last_pfn(addr_bits);
}

/**
 * kshm_row_folio_size() - bytes that one page-table entry can map at most
 * @first: first page of the row
 * @nr:    number of pages
 *
 * Context: any.
 * Return: the size of a huge page-table entry when the row has a folio of just
 * that size, else that of a page.
 */
unsigned long kshm_row_folio_size(struct page *first, unsigned long nr)
{
	unsigned long i;

	for (i = 0; KSHM_HAS_HUGE && i < nr; i += compound_nr(first + i)) {
		if (compound_nr(first + i) == KSHM_FOLIO_PAGES)
			return PMD_SIZE;
	}
	return PAGE_SIZE;
}

/**
 * kshm_row_join() - join single pages to folios
 * @first: first page of a row of single pages
 * @nr:    number of pages
 *
 * Does nothing on kernels that make folios only when they allocate. Elsewhere
 * a block of which somebody just looks at a page stays single pages.
 *
 * Context: process; nobody else uses the pages.
 */
void kshm_row_join(struct page *first, unsigned long nr)
{
	unsigned long i;

	if (!KSHM_CAN_JOIN)
		return;
	for (i = 0; nr - i >= KSHM_FOLIO_PAGES; i += KSHM_FOLIO_PAGES)
		kshm_join_pages(first + i);
}
