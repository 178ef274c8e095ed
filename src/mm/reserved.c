// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in memory that reserve_mem= on the kernel's command line has reserved,
 * or a node of the device tree without no-map. It was never given to the page
 * allocator, and has struct pages, each with one reference: so it is mapped and
 * pinned as memory of the page allocator is. The pages never go there, so whoever
 * keeps a pin when the buffer is freed would see the next buffer. There is none
 * until the last pin is dropped.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/string.h>

#include <uapi/linux/kshm.h>

#include "../compat/compat.h"
#include "internal.h"

/* Room for the name of a reservation, or its address. */
#define KSHM_RESERVED_NAME_SIZE	24

/* What buffers use. Not in iomem_resource, where all of it is System RAM. */
static struct resource kshm_reserved_root = {
	.name = "kshm",
	.end = -1,
	.flags = IORESOURCE_MEM,
};

/* Find what reserve_mem= has reserved; only its whole pages count. */
static int kshm_reserved_find(const char *name, unsigned long nr,
			      unsigned long *pfn)
{
	phys_addr_t start, size;
	unsigned long end;

	if (!KSHM_CAN_RESERVE_MEM) {
		pr_err("this kernel has no reserve_mem=, Linux 6.11 and later have it; give a physical address\n");
		return -EOPNOTSUPP;
	}
	if (!reserve_mem_find_by_name(name, &start, &size)) {
		pr_err("no reservation \"%s\"; add reserve_mem=SIZE:ALIGN:%s to the kernel's command line\n",
		       name, name);
		return -ENOENT;
	}
	*pfn = PFN_UP(start);
	end = max(PHYS_PFN(start + size), *pfn);
	if (nr > end - *pfn) {
		pr_err("reservation \"%s\" has only %llu bytes in whole pages\n",
		       name, (u64)(end - *pfn) << PAGE_SHIFT);
		return -EINVAL;
	}
	return 0;
}

/*
 * Without a buffer nobody can take a new reference. A long-term pin would try to
 * migrate pages out of ZONE_MOVABLE, and so would offlining while they are not
 * marked as reserved.
 */
static int kshm_reserved_check(const char *name, unsigned long pfn,
			       unsigned long nr)
{
	for (; nr; pfn++, nr--) {
		struct page *page = pfn_to_online_page(pfn);

		if (!page) {
			pr_err("reservation \"%s\" is not in the kernel's memory\n",
			       name);
			return -EINVAL;
		}
		if (page_zonenum(page) == ZONE_MOVABLE) {
			pr_err("reservation \"%s\" is in ZONE_MOVABLE; remove movablecore= or kernelcore=\n",
			       name);
			return -EINVAL;
		}
		if (PageHWPoison(page)) {
			pr_err("reservation \"%s\" has a memory error\n", name);
			return -EIO;
		}
		if (page_count(page) != 1) {
			pr_err("reservation \"%s\": a transfer of an earlier buffer still uses it\n",
			       name);
			return -EBUSY;
		}
		cond_resched();
	}
	return 0;
}

/*
 * VFIO never drops its pin of a page that is marked as reserved, nor does KVM up
 * to 6.12. So the mark is cleared while the buffer exists, and stays cleared
 * where a pin remains.
 */
static void kshm_reserved_clear_marks(unsigned long pfn, unsigned long nr)
{
	for (; nr; pfn++, nr--) {
		ClearPageReserved(pfn_to_page(pfn));
		cond_resched();
	}
}

/*
 * The kernel does not tell who else uses what reserve_mem= has reserved. ramoops
 * and the trace buffer keep offsets in theirs and rely on them, so a kernel that
 * is locked down against root forbids this as it forbids a carveout.
 */
static int kshm_reserved_alloc(struct kshm_memory *mem,
			       const struct kshm_mem_spec *spec,
			       const char *owner, u64 *largest)
{
	unsigned long pfn = PHYS_PFN(spec->phys), nr = mem->size >> PAGE_SHIFT;
	char name[KSHM_RESERVED_NAME_SIZE];
	int err;

	if (spec->has_phys) {
		scnprintf(name, sizeof(name), "%pap", &spec->phys);
	} else {
		err = security_locked_down(LOCKDOWN_DEV_MEM);
		if (err)
			return err;
		err = kshm_reserved_find(spec->reserve_mem, nr, &pfn);
		if (err)
			return err;
		strscpy(name, spec->reserve_mem, sizeof(name));
	}
	if (!__request_region(&kshm_reserved_root, PFN_PHYS(pfn), mem->size,
			      owner, 0)) {
		pr_err("reservation \"%s\": another buffer uses it\n", name);
		return -EBUSY;
	}
	err = kshm_reserved_check(name, pfn, nr);
	if (err)
		goto err_release;
	err = spec->keep ? 0 : kshm_range_zero(pfn, nr);
	if (err)
		goto err_release;

	mem->ops = &kshm_reserved_ops;
	kshm_range_init_memory(mem, pfn);
	/* The scan knows the range from here on, so it needs no mark. */
	kshm_reserved_clear_marks(pfn, nr);
	return 0;

err_release:
	__release_region(&kshm_reserved_root, PFN_PHYS(pfn), mem->size);
	return err;
}

static void kshm_reserved_free(struct kshm_memory *mem)
{
	unsigned long pfn = PHYS_PFN(mem->phys);
	unsigned long end = pfn + (mem->size >> PAGE_SHIFT);

	kshm_range_set_cache(mem, KSHM_CACHE_WB);
	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		kshm_folio_clear_mapping(page_folio(page));
		if (page_count(page) == 1)
			SetPageReserved(page);
		cond_resched();
	}
	kshm_range_exit_memory(mem);
	__release_region(&kshm_reserved_root, mem->phys, mem->size);
}

const struct kshm_backing_ops kshm_reserved_ops = {
	.id = KSHM_BACKING_RESERVED,
	.name = "reserved",
	.alloc = kshm_reserved_alloc,
	.free = kshm_reserved_free,
	.set_cache = kshm_range_set_cache,
	.set_mapping = kshm_range_set_mapping,
	.kaddr = kshm_range_kaddr,
	.fault = kshm_range_fault,
};
