// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which kind of memory a request gets: a carveout when it gives an address, a
 * reservation when it names one or the device tree has one there, else memory of
 * the page allocator when it is small, else a range of movable memory.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/printk.h>

#include <uapi/linux/kshm.h>

#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* First page frame that @spec allows. */
unsigned long kshm_spec_min_pfn(const struct kshm_mem_spec *spec)
{
	u64 pfn = spec->addr_min >> PAGE_SHIFT;

	if (offset_in_page(spec->addr_min))
		pfn++;
	return min_t(u64, pfn, ULONG_MAX);
}

/* Last page frame that @spec allows. */
unsigned long kshm_spec_max_pfn(const struct kshm_mem_spec *spec)
{
	u64 last = spec->addr_max ? spec->addr_max : U64_MAX;

	if (spec->addr_bits && spec->addr_bits < 64)
		last = min(last, BIT_ULL(spec->addr_bits) - 1);
	/* No page at all; the first one is never free. */
	if (last < PAGE_SIZE - 1)
		return 0;
	return min_t(u64, (last - (PAGE_SIZE - 1)) >> PAGE_SHIFT, ULONG_MAX);
}

/* Whether @spec allows a range. */
bool kshm_spec_fits(const struct kshm_mem_spec *spec, unsigned long pfn,
		    unsigned long nr)
{
	u64 align = max_t(u64, spec->align >> PAGE_SHIFT, 1);

	return IS_ALIGNED((u64)pfn, align) &&
	       pfn >= kshm_spec_min_pfn(spec) &&
	       pfn + nr - 1 <= kshm_spec_max_pfn(spec);
}

/* Below the largest order, sizes are tried: that takes little memory. */
static u64 kshm_largest(const struct kshm_mem_spec *spec, unsigned long limit,
			unsigned long contig)
{
	unsigned long nr = min(limit, contig);

	if (nr < KSHM_BUDDY_MAX)
		nr = kshm_buddy_largest(spec, min(limit, KSHM_BUDDY_MAX), nr);
	return (u64)nr << PAGE_SHIFT;
}

static int kshm_alloc_pages(struct kshm_memory *mem,
			    const struct kshm_mem_spec *spec, const char *owner,
			    u64 *largest)
{
	u64 best = 0;
	int err;

	err = kshm_buddy_ops.alloc(mem, spec, owner, &best);
	if (err == -ENOMEM)
		err = kshm_contig_ops.alloc(mem, spec, owner, &best);
	if (err != -ENOMEM)
		return err;

	best = kshm_largest(spec, (mem->size >> PAGE_SHIFT) - 1,
			    best >> PAGE_SHIFT);
	if (largest)
		*largest = best;
	else
		pr_err("no %llu contiguous bytes; the largest size that would succeed now is %llu\n",
		       mem->size, best);
	return err;
}

/**
 * kshm_memory_alloc() - allocate physically contiguous memory
 * @mem:     result
 * @spec:    what is wanted; valid
 * @owner:   name for /proc/iomem; must stay as long as @mem
 * @largest: 0; set when no range was found: the largest size that would succeed
 *	     now, bytes. NULL: written to the log instead
 *
 * The memory is zeroed, except with @keep, and exactly what was asked for. The
 * caller frees it by kshm_memory_free().
 *
 * Context: process, may sleep for some seconds. A fatal signal ends it.
 * Return: 0; -ENOMEM when there is no such memory;
 * -EBUSY when a carveout is System RAM, or it or a reservation is in use;
 * -EINVAL when a carveout is not a physical range, or a reservation is too small
 * or of no use; -ENOENT when there is no such reservation, -EOPNOTSUPP when the
 * kernel knows none, -EIO when it has a memory error; -EPERM when the kernel is
 * locked down against either; -EOPNOTSUPP when the architecture has no such cache
 * mode; -EINTR.
 */
int kshm_memory_alloc(struct kshm_memory *mem, const struct kshm_mem_spec *spec,
		      const char *owner, u64 *largest)
{
	ktime_t start = ktime_get();
	int err;

	mem->size = PAGE_ALIGN(spec->size);
	mem->cache = KSHM_CACHE_WB;
	if (mem->size >> PAGE_SHIFT > ULONG_MAX >> PAGE_SHIFT)
		err = -ENOMEM;
	else if (spec->has_phys && spec->phys_kind != KSHM_PHYS_RESERVED)
		err = kshm_carveout_ops.alloc(mem, spec, owner, NULL);
	else if (spec->has_phys || spec->reserve_mem[0])
		err = kshm_reserved_ops.alloc(mem, spec, owner, NULL);
	else
		err = kshm_alloc_pages(mem, spec, owner, largest);
	if (!err && mem->ops->set_cache) {
		err = mem->ops->set_cache(mem, spec->cache);
		if (err)
			mem->ops->free(mem);
	}
	trace_kshm_alloc(mem, spec, err, ktime_us_delta(ktime_get(), start));
	return err;
}

/**
 * kshm_memory_free() - free memory
 * @mem: what kshm_memory_alloc() filled in
 *
 * Context: process, may sleep.
 */
void kshm_memory_free(struct kshm_memory *mem)
{
	trace_kshm_free(mem);
	mem->ops->free(mem);
}

/**
 * kshm_memory_largest() - the largest size that would succeed now
 * @spec: all but the size counts
 *
 * Looks, and allocates nothing larger than the page allocator's largest order.
 *
 * Context: process, may sleep. A fatal signal ends it.
 * Return: bytes, a multiple of PAGE_SIZE; 0 for none, for a carveout or a
 * reservation, and after a signal.
 */
u64 kshm_memory_largest(const struct kshm_mem_spec *spec)
{
	if (spec->has_phys || spec->reserve_mem[0])
		return 0;
	return kshm_largest(spec, ULONG_MAX >> PAGE_SHIFT,
			    kshm_contig_largest(spec));
}

/**
 * kshm_memory_init() - get ready to allocate
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_memory_init(void)
{
	int err;

	err = kshm_lru_init();
	if (err)
		return err;
	err = kshm_contig_take_init();
	if (err)
		goto out_lru;
	err = kshm_hotplug_init();
	if (err)
		goto out_take;
	return 0;

out_take:
	kshm_contig_take_exit();
out_lru:
	kshm_lru_exit();
	return err;
}

/**
 * kshm_memory_exit() - undo kshm_memory_init()
 *
 * Context: process, at unload; all memory is freed.
 */
void kshm_memory_exit(void)
{
	kshm_hotplug_exit();
	kshm_contig_take_exit();
	kshm_lru_exit();
}
