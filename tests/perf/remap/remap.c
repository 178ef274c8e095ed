// SPDX-License-Identifier: GPL-2.0-only
/*
 * For comparison only: memory mapped as many drivers do it, all at once by
 * remap_pfn_range(). The memory is whatever the parameters say, that of a kshm
 * buffer for one; nothing here holds it. Never load this outside of a guest.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

static ulong phys_addr;
module_param(phys_addr, ulong, 0600);
MODULE_PARM_DESC(phys_addr, "first byte to map");

static ulong size;
module_param(size, ulong, 0600);
MODULE_PARM_DESC(size, "bytes that may be mapped");

static int remap_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long len = vma->vm_end - vma->vm_start;

	if (vma->vm_pgoff || len > size)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(phys_addr), len,
			       vma->vm_page_prot);
}

static const struct file_operations remap_fops = {
	.owner = THIS_MODULE,
	.mmap = remap_mmap,
};

static struct miscdevice remap_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "remap",
	.fops = &remap_fops,
};
module_misc_device(remap_device);

MODULE_DESCRIPTION("remap_pfn_range() for comparison with kshm");
MODULE_LICENSE("GPL");
