// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/page_ref.h>

#include "compat.h"
#include "compound.h"

#if KSHM_CAN_PREP_COMPOUND
/**
 * kshm_prep_compound() - make one compound page of single pages
 * @head:  first page; the caller owns all pages, with one reference each
 * @order: order of the compound page; @head is aligned to it
 *
 * Leaves the pages as prep_compound_page() of 5.10 to 6.1 does.
 *
 * Fails when a page has another reference: somebody looked it up when it was
 * used for something else, for example in the page cache, will notice that it
 * has changed, and drop the reference. As a tail page its count must be 0.
 *
 * Context: any.
 * Return: true when it is one compound page with one reference now; false when
 * nothing was changed.
 */
bool kshm_prep_compound(struct page *head, unsigned int order)
{
	unsigned long i, nr = BIT(order);

	for (i = 1; i < nr; i++) {
		if (page_ref_freeze(head + i, 1))
			continue;
		while (--i)
			page_ref_unfreeze(head + i, 1);
		return false;
	}
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
