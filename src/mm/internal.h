/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of mm/ share. */
#ifndef KSHM_MM_INTERNAL_H
#define KSHM_MM_INTERNAL_H

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "../compat/contig.h"
#include "memory.h"

/* Up to this size the page allocator is asked first. */
#define KSHM_BUDDY_MAX		BIT(MAX_PAGE_ORDER)

/* memory.c */
unsigned long kshm_spec_min_pfn(const struct kshm_mem_spec *spec);
unsigned long kshm_spec_max_pfn(const struct kshm_mem_spec *spec);
bool kshm_spec_fits(const struct kshm_mem_spec *spec, unsigned long pfn,
		    unsigned long nr);

/* range.c */
void kshm_folio_clear_mapping(struct folio *folio);
void kshm_range_free(unsigned long pfn, unsigned long nr);
int kshm_range_zero(unsigned long pfn, unsigned long nr);
int kshm_range_make_folios(unsigned long pfn, unsigned long nr);
bool kshm_range_has_hwpoison(unsigned long pfn, unsigned long nr);
void kshm_range_init_memory(struct kshm_memory *mem, unsigned long pfn);
void kshm_range_exit_memory(struct kshm_memory *mem);
void kshm_range_free_memory(struct kshm_memory *mem);
void kshm_range_for_each(void (*fn)(unsigned long pfn, unsigned long nr,
				    void *data), void *data);
void kshm_range_set_mapping(const struct kshm_memory *mem,
			    struct address_space *mapping);
void *kshm_range_kaddr(const struct kshm_memory *mem, u64 pos, size_t *len);
vm_fault_t kshm_range_fault(const struct kshm_memory *mem,
			    struct vm_fault *vmf);

/* cache.c */
int kshm_range_set_cache(struct kshm_memory *mem, u32 cache);

/* hotplug.c */
int kshm_hotplug_init(void);
void kshm_hotplug_exit(void);
void kshm_hotplug_read_lock(void);
void kshm_hotplug_read_unlock(void);
struct page *kshm_hotplug_page(unsigned long pfn);
void kshm_hotplug_alloc_failed(void);

/* lru.c */
int kshm_lru_init(void);
void kshm_lru_exit(void);
void kshm_lru_drain_all(void);
bool kshm_lru_is_awaited(unsigned long pfn, unsigned long nr);

/* buddy.c */
extern const struct kshm_backing_ops kshm_buddy_ops;
unsigned long kshm_buddy_largest(const struct kshm_mem_spec *spec,
				 unsigned long limit, unsigned long best);

/* contig.c */
extern const struct kshm_backing_ops kshm_contig_ops;
unsigned long kshm_contig_largest(const struct kshm_mem_spec *spec);
int kshm_contig_realloc_folios(unsigned long pfn, unsigned long nr);

/* contig_take.c */
struct kshm_window;
extern struct mutex kshm_contig_lock;
int kshm_contig_take_init(void);
void kshm_contig_take_exit(void);
int kshm_contig_take(struct kshm_window *window, unsigned long nr,
		     unsigned long *wasted);

/* carveout.c */
extern const struct kshm_backing_ops kshm_carveout_ops;

/* reserved.c */
extern const struct kshm_backing_ops kshm_reserved_ops;

#endif /* KSHM_MM_INTERNAL_H */
