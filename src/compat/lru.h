/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages that a processor has not yet put on their LRU lists.
 */
#ifndef KSHM_LRU_H
#define KSHM_LRU_H

#include <linux/gfp.h>
#include <linux/mm.h>

#include "compat.h"

/* Later kernels have it in a header of its own. */
#ifdef KSHM_HAVE_FOLIO_BATCH_H
#include <linux/folio_batch.h>
#else
#include <linux/pagevec.h>
#endif

/* 5.17 introduced the name. */
#if !defined(KSHM_HAVE_FOLIO_BATCH) && !defined(KSHM_HAVE_FOLIO_BATCH_H)
#define folio_batch			pagevec
#define folio_batch_init(batch)		pagevec_init(batch)
#define folio_batch_add(batch, head)	pagevec_add(batch, folio_page(head, 0))
#define folio_batch_release(batch)	pagevec_release(batch)
#endif

/**
 * kshm_lru_add_drain() - put the pages that this processor collects on LRU lists
 *
 * The kernel does not export its own function, but calls it when a batch of
 * pages is released. So one new page is released this way.
 *
 * Context: process, may sleep. Does nothing when there is no memory.
 */
static inline void kshm_lru_add_drain(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_NOWARN);
	struct folio_batch batch;

	if (!page)
		return;
	folio_batch_init(&batch);
	folio_batch_add(&batch, page_folio(page));
	folio_batch_release(&batch);
}

#endif /* KSHM_LRU_H */
