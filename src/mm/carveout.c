// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in memory that the kernel was told to leave alone (mem=, memmap=,
 * reserved-memory with no-map). There are no struct pages for it.
 */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/pfn.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include <uapi/linux/kshm.h>

#include "../compat/cache.h"
#include "internal.h"

/* Large ranges are zeroed, mapped and copied in steps, to reschedule between. */
#define KSHM_CARVEOUT_STEP	((unsigned long)SZ_2M)

/* Some architectures give reserved memory a name, but no descriptor. */
static bool kshm_resource_is_memory(const struct resource *res)
{
	switch (res->desc) {
	case IORES_DESC_RESERVED:
	case IORES_DESC_SOFT_RESERVED:
	case IORES_DESC_PERSISTENT_MEMORY:
	case IORES_DESC_PERSISTENT_MEMORY_LEGACY:
		return true;
	}
	return res->name && !strcasecmp(res->name, "reserved");
}

/*
 * Whether a claimed range is wholly memory. If it lies in a PCI BAR, a PCI
 * window or the registers of a device, that is one of its parents, whether a
 * driver has claimed it or not; a range that lies there in part cannot be
 * claimed. Memory behind mem= has no parent but the root. A range that the
 * firmware reserves without telling why looks like one of memmap=; modules
 * cannot read the firmware's own map.
 *
 * On x86, stores to an address where there is nothing are lost. On other
 * machines they can be fatal for the kernel, so there the range must be known as
 * memory.
 */
static bool kshm_claim_is_memory(const struct resource *claim)
{
	const struct resource *res = claim->parent;
	bool memory = IS_ENABLED(CONFIG_X86);

	for (; res && res != &iomem_resource; res = res->parent) {
		memory = kshm_resource_is_memory(res);
		if (!memory)
			break;
	}
	return memory;
}

/*
 * The kernel's own mapping. memremap() has no uncached one; elsewhere than on
 * x86, what ioremap() returns is no memory for memcpy().
 */
static void *kshm_carveout_remap(phys_addr_t phys, u64 size, u32 cache)
{
	switch (cache) {
	case KSHM_CACHE_WC:
		return memremap(phys, size, MEMREMAP_WC);
	case KSHM_CACHE_UC:
		return (void __force *)ioremap(phys, size);
	}
	return memremap(phys, size, MEMREMAP_WB);
}

static int kshm_carveout_zero(void *vaddr, u64 size)
{
	u64 done;

	for (done = 0; done < size; done += KSHM_CARVEOUT_STEP) {
		if (fatal_signal_pending(current))
			return -EINTR;
		memset(vaddr + done, 0,
		       min_t(u64, size - done, KSHM_CARVEOUT_STEP));
		cond_resched();
	}
	return 0;
}

/*
 * What root says may be the registers of a device, so a kernel that is locked
 * down against root forbids it as it forbids /dev/mem. The claim is visible in
 * /proc/iomem.
 */
static int kshm_carveout_alloc(struct kshm_memory *mem,
			       const struct kshm_mem_spec *spec,
			       const char *owner, u64 *largest)
{
	bool is_memory = spec->phys_kind == KSHM_PHYS_NO_MAP;
	const u64 end = iomem_resource.end;
	struct resource *claim;
	int err;

	err = is_memory ? 0 : security_locked_down(LOCKDOWN_DEV_MEM);
	if (err)
		return err;
	if (spec->cache == KSHM_CACHE_UC && !KSHM_CAN_SET_CACHE)
		return -EOPNOTSUPP;
	if (spec->phys > end || mem->size - 1 > end - spec->phys)
		return -EINVAL;
	if (region_intersects(spec->phys, mem->size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return -EBUSY;
	claim = request_mem_region(spec->phys, mem->size, owner);
	if (!claim)
		return -EBUSY;
	err = -EBUSY;
	if (!is_memory && !spec->keep && !kshm_claim_is_memory(claim))
		goto err_release;

	err = -ENOMEM;
	mem->vaddr = kshm_carveout_remap(spec->phys, mem->size, spec->cache);
	if (!mem->vaddr)
		goto err_release;
	err = spec->keep ? 0 : kshm_carveout_zero(mem->vaddr, mem->size);
	if (err)
		goto err_unmap;

	mem->ops = &kshm_carveout_ops;
	mem->phys = spec->phys;
	mem->cache = spec->cache;
	mem->node = NUMA_NO_NODE;
	mem->entry_size = PAGE_SIZE;
	return 0;

err_unmap:
	memunmap(mem->vaddr);
err_release:
	release_mem_region(spec->phys, mem->size);
	return err;
}

static void kshm_carveout_free(struct kshm_memory *mem)
{
	memunmap(mem->vaddr);
	release_mem_region(mem->phys, mem->size);
}

static void *kshm_carveout_kaddr(const struct kshm_memory *mem, u64 pos,
				 size_t *len)
{
	*len = min3((u64)*len, mem->size - pos, (u64)KSHM_CARVEOUT_STEP);
	return mem->vaddr + pos;
}

/*
 * On x86, kernels before 7.2 record a PAT memtype for a mapping that is made by
 * one call of remap_pfn_range(). When the program later unmaps a part, the
 * pieces do not match the record: each writes a line to the log, and the record
 * leaks. So the first page is mapped alone. The memory type of the rest is
 * looked up page by page: memremap() has recorded it.
 */
static int kshm_carveout_map(const struct kshm_memory *mem,
			     struct vm_area_struct *vma)
{
	/* as memremap() maps it where memory is encrypted */
	pgprot_t prot = pgprot_decrypted(vma->vm_page_prot);
	unsigned long pfn = PHYS_PFN(mem->phys) + vma->vm_pgoff;
	unsigned long addr = vma->vm_start;
	unsigned long len = PAGE_SIZE;
	int err;

	while (addr < vma->vm_end) {
		if (fatal_signal_pending(current))
			return -EINTR;
		err = remap_pfn_range(vma, addr, pfn, len, prot);
		if (err)
			return err;
		addr += len;
		pfn += PHYS_PFN(len);
		len = min(vma->vm_end - addr, KSHM_CARVEOUT_STEP);
		cond_resched();
	}
	return 0;
}

const struct kshm_backing_ops kshm_carveout_ops = {
	.id = KSHM_BACKING_CARVEOUT,
	.name = "carveout",
	.alloc = kshm_carveout_alloc,
	.free = kshm_carveout_free,
	.kaddr = kshm_carveout_kaddr,
	.map = kshm_carveout_map,
};
