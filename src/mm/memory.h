/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Physically contiguous memory: what can be asked for, what was allocated, and
 * what each kind of it can do. This is all that mm/ offers; it knows no file,
 * device or program.
 */
#ifndef KSHM_MEMORY_H
#define KSHM_MEMORY_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct address_space;
struct vm_area_struct;
struct vm_fault;

/* Room for the name of a reserve_mem= and its terminating zero, as the kernel's. */
#define KSHM_RESERVE_MEM_SIZE	16

/**
 * enum kshm_phys - who says that there is memory at a physical address
 * @KSHM_PHYS_USER:	root; the kernel does not manage it
 * @KSHM_PHYS_NO_MAP:	the device tree; the kernel does not manage it
 * @KSHM_PHYS_RESERVED:	the device tree; it has struct pages, which never went to
 *			the page allocator
 */
enum kshm_phys {
	KSHM_PHYS_USER,
	KSHM_PHYS_NO_MAP,
	KSHM_PHYS_RESERVED,
};

/**
 * struct kshm_mem_spec - memory that somebody asks for
 * @size:      bytes; rounded up to whole pages when allocated
 * @phys:      physical address; valid only with @has_phys
 * @has_phys:  use the memory at @phys
 * @phys_kind: what is there; valid only with @has_phys
 * @reserve_mem: name of the reserve_mem= to use; empty: none
 * @keep:      do not zero a carveout or a reservation
 * @node:      NUMA node, or NUMA_NO_NODE for any
 * @addr_bits: every address fits in this many bits; 0: no limit
 * @align:     alignment, bytes, a power of two; 0: natural alignment, which is
 *	       the largest page-table entry that fits the size
 * @addr_min:  lowest address that may be used
 * @addr_max:  highest address that may be used; 0: no limit
 * @cache:     KSHM_CACHE_*
 */
struct kshm_mem_spec {
	u64 size;
	phys_addr_t phys;
	bool has_phys;
	enum kshm_phys phys_kind;
	char reserve_mem[KSHM_RESERVE_MEM_SIZE];
	bool keep;
	int node;
	unsigned int addr_bits;
	u64 align;
	u64 addr_min;
	u64 addr_max;
	u32 cache;
};

struct kshm_backing_ops;

/**
 * struct kshm_memory - allocated memory
 * @ops:	what this kind of memory can do
 * @size:	bytes, a multiple of PAGE_SIZE
 * @phys:	CPU physical address of the first byte
 * @vaddr:	kernel address of the first byte
 * @entry_size:	bytes that one page-table entry can map at most
 * @node:	NUMA node, NUMA_NO_NODE where unknown
 * @cache:	KSHM_CACHE_*
 * @list:	in the list of ranges with struct pages; see range.c
 *
 * Constant from allocation until it is freed, so it is read without a lock.
 */
struct kshm_memory {
	const struct kshm_backing_ops *ops;
	u64 size;
	phys_addr_t phys;
	void *vaddr;
	unsigned long entry_size;
	int node;
	u32 cache;
	struct list_head list;
};

/**
 * struct kshm_backing_ops - one kind of memory
 * @id:		 KSHM_BACKING_*
 * @name:	 the same in sysfs
 * @alloc:	 Allocate what the spec asks for; @size of the memory is set.
 *		 @owner is the name to claim the memory under. May sleep;
 *		 returns 0 or an errno. On -ENOMEM, @largest may be set to a
 *		 number of bytes that would succeed now.
 * @set_cache:	 Change how it is cached, KSHM_CACHE_*, before a program maps it.
 *		 May sleep; returns 0, or an errno: then nothing has changed.
 *		 NULL when @alloc does it.
 * @free:	 Free it, cached as usual. Pages with references of others stay
 *		 until those are dropped. May sleep.
 * @set_mapping: Tell the pages which file they belong to, before the first
 *		 fault. NULL when there are no struct pages.
 * @kaddr:	 Kernel address of the byte at @pos; reduces @len to what one
 *		 copy may touch from there on. NULL when @pos is in a page with
 *		 a memory error.
 * @fault:	 Serve a page fault within the memory. NULL when @map maps all.
 * @map:	 Map all of a VMA at once. NULL when pages are mapped by @fault.
 */
struct kshm_backing_ops {
	u32 id;
	const char *name;
	int (*alloc)(struct kshm_memory *mem, const struct kshm_mem_spec *spec,
		     const char *owner, u64 *largest);
	int (*set_cache)(struct kshm_memory *mem, u32 cache);
	void (*free)(struct kshm_memory *mem);
	void (*set_mapping)(const struct kshm_memory *mem,
			    struct address_space *mapping);
	void *(*kaddr)(const struct kshm_memory *mem, u64 pos, size_t *len);
	vm_fault_t (*fault)(const struct kshm_memory *mem,
			    struct vm_fault *vmf);
	int (*map)(const struct kshm_memory *mem, struct vm_area_struct *vma);
};

int kshm_memory_alloc(struct kshm_memory *mem, const struct kshm_mem_spec *spec,
		      const char *owner, u64 *largest);
void kshm_memory_free(struct kshm_memory *mem);
u64 kshm_memory_largest(const struct kshm_mem_spec *spec);

pgprot_t kshm_cache_prot(const struct kshm_memory *mem, pgprot_t prot);

int kshm_memory_init(void);
void kshm_memory_exit(void);

#endif /* KSHM_MEMORY_H */
