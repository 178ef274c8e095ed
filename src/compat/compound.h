/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a compound page of single pages, on kernels that cannot allocate one
 * in a chosen range and whose layout of compound pages is known.
 */
#ifndef KSHM_COMPOUND_H
#define KSHM_COMPOUND_H

#include <linux/types.h>

struct page;

#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && defined(CONFIG_CONTIG_ALLOC) && \
	!defined(KSHM_HAVE_CONTIG_COMP) && !defined(KSHM_HAVE_CONTIG_FROZEN)
/*
 * 6.2 changed what a compound page counts. The probe for subpages_mapcount, and
 * not the version, tells, as distributions have backported that.
 */
#if defined(KSHM_HAVE_COMPOUND_PTRS) && !defined(KSHM_HAVE_SUBPAGES_MAPCOUNT)
#define KSHM_CAN_PREP_COMPOUND		1
#define KSHM_CAN_REALLOC_COMPOUND	0
#else
#define KSHM_CAN_PREP_COMPOUND		0
#define KSHM_CAN_REALLOC_COMPOUND	1
#endif
#else
#define KSHM_CAN_PREP_COMPOUND		0
#define KSHM_CAN_REALLOC_COMPOUND	0
#endif

#if KSHM_CAN_PREP_COMPOUND
bool kshm_prep_compound(struct page *head, unsigned int order);
#else
static inline bool kshm_prep_compound(struct page *head, unsigned int order)
{
	return false;
}
#endif

#if KSHM_CAN_REALLOC_COMPOUND
int kshm_realloc_compound(struct page *head, unsigned int order);
#else
static inline int kshm_realloc_compound(struct page *head, unsigned int order)
{
	return 0;
}
#endif

#endif /* KSHM_COMPOUND_H */
