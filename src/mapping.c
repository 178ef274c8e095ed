// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in programs' address spaces.
 *
 * Memory with struct pages is mapped like page cache, on fault and with no
 * special VM flag: so huge page-table entries, O_DIRECT, io_uring and futexes
 * work. A carve-out has no struct pages and is mapped by page frame number,
 * all at once.
 */
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "compat.h"
#include "kshm.h"

/* The file that a mapping holds keeps the buffer. */
static struct kshm_buffer *kshm_vma_buffer(struct vm_area_struct *vma)
{
	return vma->vm_private_data;
}

static void kshm_vma_open(struct vm_area_struct *vma)
{
	atomic_inc(&kshm_vma_buffer(vma)->mappings);
}

static void kshm_vma_close(struct vm_area_struct *vma)
{
	atomic_dec(&kshm_vma_buffer(vma)->mappings);
}

static vm_fault_t kshm_vma_fault(struct vm_fault *vmf)
{
	struct kshm_buffer *buf = kshm_vma_buffer(vmf->vma);

	if (vmf->pgoff >= buf->size >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	vmf->page = buf->page + vmf->pgoff;
	/*
	 * Each entry of a page table counts, and with much memory there is room
	 * for more of them than a count can hold. Stop half-way, as pinning does.
	 */
	if (page_count(vmf->page) <= 0)
		return VM_FAULT_SIGBUS;
	get_page(vmf->page);
	return 0;
}

/*
 * Nothing is in the page cache for filemap_map_pages() to find. It is there
 * because newer kernels then handle faults without taking the mmap lock.
 */
static const struct vm_operations_struct kshm_page_vm_ops = {
	.open = kshm_vma_open,
	.close = kshm_vma_close,
	.fault = kshm_vma_fault,
	.map_pages = filemap_map_pages,
};

static const struct vm_operations_struct kshm_pfn_vm_ops = {
	.open = kshm_vma_open,
	.close = kshm_vma_close,
};

/*
 * Where a whole mapping is made in one call, older kernels (6.12, not 7.2) note
 * on x86 how it is cached. When a program takes the mapping apart, the pieces
 * do not match the note: it stays for good, and each piece writes a line to the
 * log. So the first page comes alone. How the rest is cached is looked up for
 * each page: there is a note of memremap().
 */
static int kshm_map_carveout(struct kshm_buffer *buf,
			     struct vm_area_struct *vma)
{
	/* as memremap() has it where memory is encrypted */
	pgprot_t prot = pgprot_decrypted(vma->vm_page_prot);
	unsigned long pfn = PHYS_PFN(buf->phys) + vma->vm_pgoff;
	unsigned long addr = vma->vm_start;
	unsigned long len = PAGE_SIZE;
	int err;

	while (addr < vma->vm_end) {
		err = remap_pfn_range(vma, addr, pfn, len, prot);
		if (err)
			return err;
		addr += len;
		pfn += PHYS_PFN(len);
		len = min_t(unsigned long, vma->vm_end - addr, SZ_2M);
		cond_resched();
	}
	return 0;
}

/**
 * kshm_mmap() - map a part of a buffer
 * @file: an open device
 * @vma:  the mapping to be
 *
 * Context: process, with the mmap lock held for writing.
 * Return: 0; -EINVAL for a private mapping or one that is not wholly in the
 * buffer, -EPERM for an executable one; -ENOMEM or -EINVAL when a carve-out
 * cannot be mapped.
 */
int kshm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct kshm_buffer *buf = file->private_data;
	u64 nr = buf->size >> PAGE_SHIFT;
	int err;

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	if (vma_pages(vma) > nr || vma->vm_pgoff > nr - vma_pages(vma))
		return -EINVAL;

	vm_flags_clear(vma, VM_MAYEXEC);

	if (buf->page) {
		vm_flags_set(vma, VM_DONTEXPAND);
		vma->vm_ops = &kshm_page_vm_ops;
	} else {
		err = kshm_map_carveout(buf, vma);
		if (err)
			return err;
		vma->vm_ops = &kshm_pfn_vm_ops;
	}
	vma->vm_private_data = buf;
	kshm_vma_open(vma);
	return 0;
}
