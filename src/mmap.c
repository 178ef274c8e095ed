// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers in the address spaces of programs.
 *
 * Memory with struct pages is mapped like page cache, on fault and with no
 * special VMA flag: so huge page-table entries, O_DIRECT, io_uring and futexes
 * work. Memory without is mapped by page frame number, all at once.
 */
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/string.h>

#include "buffer.h"
#include "compat/compat.h"
#include "file.h"
#include "trace.h"

/* The file of a VMA holds the buffer. */
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
	const struct kshm_memory *mem = &kshm_vma_buffer(vmf->vma)->mem;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	if (vmf->pgoff < mem->size >> PAGE_SHIFT)
		ret = mem->ops->fault(mem, vmf);
	trace_kshm_fault(vmf, ret);
	return ret;
}

/*
 * Nothing is in the page cache for filemap_map_pages() to find. It is set
 * because newer kernels then handle faults without the mmap lock.
 */
static const struct vm_operations_struct kshm_page_vm_ops = {
	.open = kshm_vma_open,
	.close = kshm_vma_close,
	.fault = kshm_vma_fault,
	.map_pages = filemap_map_pages,
};

/*
 * For ptrace() and /proc/PID/mem, which find no page here. They may write where
 * the program may not; this must not get round the mode of the open file. @len
 * may reach beyond the end of the mapping, to which generic_access_phys() pays
 * no attention.
 */
static int kshm_vma_access(struct vm_area_struct *vma, unsigned long addr,
			   void *buf, int len, int write)
{
	const struct kshm_memory *mem = &kshm_vma_buffer(vma)->mem;
	u64 pos = addr - vma->vm_start + ((u64)vma->vm_pgoff << PAGE_SHIFT);
	size_t part = min_t(unsigned long, len, vma->vm_end - addr);
	void *kaddr;

	if (write && !(vma->vm_flags & VM_WRITE))
		return -EACCES;
	kaddr = mem->ops->kaddr(mem, pos, &part);
	if (!kaddr)
		return -EIO;
	if (write)
		memcpy(kaddr, buf, part);
	else
		memcpy(buf, kaddr, part);
	return part;
}

static const struct vm_operations_struct kshm_pfn_vm_ops = {
	.open = kshm_vma_open,
	.close = kshm_vma_close,
	.access = kshm_vma_access,
};

/**
 * kshm_buffer_mmap() - map a part of a buffer
 * @buf: the buffer
 * @vma: the new mapping; its file holds @buf, and maps the inode of @buf
 *
 * Context: process, with the mmap lock held for writing.
 * Return: 0; -EINVAL for a private mapping or one that is not wholly in the
 * buffer; -EPERM for an executable one; -ENOMEM, -EINVAL or -EINTR when a
 * carveout cannot be mapped.
 */
int kshm_buffer_mmap(struct kshm_buffer *buf, struct vm_area_struct *vma)
{
	const struct kshm_memory *mem = &buf->mem;
	u64 nr = mem->size >> PAGE_SHIFT;
	int err;

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	if (vma_pages(vma) > nr || vma->vm_pgoff > nr - vma_pages(vma))
		return -EINVAL;

	/* mprotect() must not make it executable later. */
	vm_flags_clear(vma, VM_MAYEXEC);
	vma->vm_page_prot = kshm_cache_prot(mem, vma->vm_page_prot);

	if (mem->ops->map) {
		err = mem->ops->map(mem, vma);
		if (err)
			return err;
		vma->vm_ops = &kshm_pfn_vm_ops;
	} else {
		/* Keeps mremap() from growing it, and mlock(), KSM and khugepaged away. */
		vm_flags_set(vma, VM_DONTEXPAND);
		vma->vm_ops = &kshm_page_vm_ops;
	}
	vma->vm_private_data = buf;
	kshm_vma_open(vma);
	return 0;
}

/**
 * kshm_mmap() - map a part of an open device
 * @file: the open device
 * @vma:  the new mapping
 *
 * Context: process, with the mmap lock held for writing.
 * Return: as kshm_buffer_mmap().
 */
int kshm_mmap(struct file *file, struct vm_area_struct *vma)
{
	return kshm_buffer_mmap(kshm_file_buffer(file), vma);
}

#ifdef CONFIG_TRANSPARENT_HUGEPAGE
/* Whether huge entries fit a mapping at this address. */
static bool kshm_addr_is_huge(unsigned long addr, unsigned long pgoff)
{
	return !((addr - (pgoff << PAGE_SHIFT)) & (PMD_SIZE - 1));
}

/**
 * kshm_get_unmapped_area() - choose an address that huge entries fit
 * @file:  an open device
 * @addr:  what the program wants, or 0
 * @len:   bytes
 * @pgoff: offset in the buffer, pages
 * @flags: of mmap()
 *
 * thp_get_unmapped_area() does it, but not for all: before 5.18 for DAX only,
 * later not for 32-bit programs, since 6.10 not on 32-bit kernels. Then ask for
 * a huge page more, and move within that.
 *
 * Context: process, with the mmap lock held for writing.
 * Return: the address or an errno.
 */
unsigned long kshm_get_unmapped_area(struct file *file, unsigned long addr,
				     unsigned long len, unsigned long pgoff,
				     unsigned long flags)
{
	unsigned long found = thp_get_unmapped_area(file, addr, len, pgoff,
						    flags);
	unsigned long start;

	if (IS_ERR_VALUE(found) || addr || (flags & MAP_FIXED) ||
	    len < PMD_SIZE || len + PMD_SIZE < len ||
	    kshm_addr_is_huge(found, pgoff))
		return found;

	start = thp_get_unmapped_area(file, 0, len + PMD_SIZE, pgoff, flags);
	if (IS_ERR_VALUE(start))
		return found;
	return start + (((pgoff << PAGE_SHIFT) - start) & (PMD_SIZE - 1));
}
#endif
