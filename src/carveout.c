// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in memory that the kernel was told to leave alone (mem=, memmap=,
 * reserved-memory).
 */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "kshm.h"

/**
 * kshm_carveout_claim() - make a physical range a buffer's memory
 * @buf:  a buffer with its size, without memory
 * @phys: first address, page-aligned
 *
 * The range is claimed under the buffer's name, visible in /proc/iomem, and
 * zeroed. It may be a device's registers, so that a kernel which is locked down
 * against root forbids it as it forbids /dev/mem.
 *
 * Context: process, may sleep.
 * Return: 0; -EPERM when the kernel is locked down; -EINVAL when the range is
 * not wholly in the physical address space;
 * -EBUSY when any of it is System RAM or claimed by somebody, or when there is
 * no memory to claim it with; -ENOMEM; -EINTR.
 */
int kshm_carveout_claim(struct kshm_buffer *buf, phys_addr_t phys)
{
	const u64 end = iomem_resource.end;
	u64 done, part;
	void *vaddr;
	int err;

	err = security_locked_down(LOCKDOWN_DEV_MEM);
	if (err)
		return err;
	if (phys > end || buf->size - 1 > end - phys)
		return -EINVAL;
	if (region_intersects(phys, buf->size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return -EBUSY;
	if (!request_mem_region(phys, buf->size, buf->name))
		return -EBUSY;

	vaddr = memremap(phys, buf->size, MEMREMAP_WB);
	if (!vaddr) {
		release_mem_region(phys, buf->size);
		return -ENOMEM;
	}
	for (done = 0; done < buf->size; done += part) {
		if (fatal_signal_pending(current)) {
			memunmap(vaddr);
			release_mem_region(phys, buf->size);
			return -EINTR;
		}
		part = min_t(u64, buf->size - done, SZ_2M);
		memset(vaddr + done, 0, part);
		cond_resched();
	}

	buf->backing = KSHM_BACKING_CARVEOUT;
	buf->phys = phys;
	buf->vaddr = vaddr;
	buf->node = NUMA_NO_NODE;
	buf->folio_size = PAGE_SIZE;
	return 0;
}

/**
 * kshm_carveout_release() - undo kshm_carveout_claim()
 * @buf: the buffer
 *
 * Context: process, may sleep.
 */
void kshm_carveout_release(struct kshm_buffer *buf)
{
	memunmap(buf->vaddr);
	release_mem_region(buf->phys, buf->size);
}
