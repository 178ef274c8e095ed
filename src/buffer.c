// SPDX-License-Identifier: GPL-2.0-only
/*
 * The buffer: one object that holds the memory, and the inode that stands for
 * it in the page tables of programs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "kshm.h"

#define KSHM_FS_MAGIC		0x6b73686d	/* kshm */

/* What the page allocator is asked for before a range has to be cleared. */
#define KSHM_PAGES_MAX		((unsigned long)SZ_4M >> PAGE_SHIFT)

/*
 * Kernels take a file's size and mapping from its inode when they map huge
 * pages. A device node's inode has the size 0, so that each buffer has an
 * inode here.
 */
static struct vfsmount *kshm_mnt;

static int kshm_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, KSHM_FS_MAGIC) ? 0 : -ENOMEM;
}

/* No owner: the module holds the mount, so the mount must not hold it. */
static struct file_system_type kshm_fs_type = {
	.name = "kshm",
	.init_fs_context = kshm_init_fs_context,
	.kill_sb = kill_anon_super,
};

static int kshm_buffer_make_inode(struct kshm_buffer *buf)
{
	struct inode *inode = alloc_anon_inode(kshm_mnt->mnt_sb);

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	i_size_write(inode, buf->size);
	buf->inode = inode;
	return 0;
}

static unsigned long kshm_buffer_pages(const struct kshm_buffer *buf)
{
	return buf->size >> PAGE_SHIFT;
}

/* The most pages that have a smaller order. */
static unsigned long kshm_less_order(unsigned long nr)
{
	return nr > 1 ? rounddown_pow_of_two(nr - 1) : 0;
}

/*
 * Say how much could be had instead of @nr pages. It is taken for a moment, so
 * that the answer is no guess.
 */
static void kshm_foretell(unsigned long nr, const struct kshm_spec *spec)
{
	unsigned long best;
	struct page *page;

	best = kshm_contig_largest(nr, spec->node, spec->addr_bits);
	if (!best && fatal_signal_pending(current))
		return;
	if (best < KSHM_PAGES_MAX) {
		unsigned long try = min(nr - 1, KSHM_PAGES_MAX);

		/* what has the same order fails as well */
		for (; try > best; try = kshm_less_order(try)) {
			page = kshm_pages_alloc(try, spec->node,
						spec->addr_bits);
			if (page) {
				kshm_row_put(page, try);
				best = try;
			}
		}
	}
	pr_err("no %llu contiguous bytes; the largest size that would succeed now is %llu\n",
	       (u64)nr << PAGE_SHIFT, (u64)best << PAGE_SHIFT);
}

static int kshm_buffer_take_pages(struct kshm_buffer *buf,
				  const struct kshm_spec *spec)
{
	unsigned long nr = kshm_buffer_pages(buf);
	struct page *page = NULL;

	buf->backing = KSHM_BACKING_PAGES;
	if (nr <= KSHM_PAGES_MAX)
		page = kshm_pages_alloc(nr, spec->node, spec->addr_bits);
	if (!page) {
		buf->backing = KSHM_BACKING_CONTIG;
		page = kshm_contig_alloc(nr, spec->node, spec->addr_bits);
	}
	if (IS_ERR(page)) {
		if (PTR_ERR(page) == -ENOMEM)
			kshm_foretell(nr, spec);
		return PTR_ERR(page);
	}

	buf->page = page;
	buf->phys = PFN_PHYS(page_to_pfn(page));
	buf->vaddr = page_address(page);
	buf->node = page_to_nid(page);
	buf->folio_size = kshm_row_folio_size(page, nr);
	kshm_row_attach(page, nr, buf->inode->i_mapping);
	return 0;
}

/**
 * kshm_buffer_create() - make a buffer
 * @spec: what is wanted; its size is rounded up to whole pages
 *
 * The memory is zeroed and exactly what was asked for.
 *
 * Context: process, may sleep long. A fatal signal ends it.
 * Return: the buffer with one reference, or an errno: -ENOMEM when there is no
 * such memory; -EBUSY when a carve-out is System RAM or in use; -EINVAL when
 * it is no physical range; -EPERM when the kernel is locked down against it;
 * -EINTR.
 */
struct kshm_buffer *kshm_buffer_create(const struct kshm_spec *spec)
{
	struct kshm_buffer *buf;
	int err;

	buf = kzalloc(sizeof(*buf), GFP_KERNEL);
	if (!buf)
		return ERR_PTR(-ENOMEM);
	kref_init(&buf->ref);
	strscpy(buf->name, spec->name, sizeof(buf->name));
	buf->size = PAGE_ALIGN(spec->size);

	err = -ENOMEM;
	if (buf->size >> PAGE_SHIFT > ULONG_MAX >> PAGE_SHIFT)
		goto err_free;
	err = kshm_buffer_make_inode(buf);
	if (err)
		goto err_free;
	if (spec->at_phys)
		err = kshm_carveout_claim(buf, spec->phys);
	else
		err = kshm_buffer_take_pages(buf, spec);
	if (err)
		goto err_inode;
	return buf;

err_inode:
	iput(buf->inode);
err_free:
	kfree(buf);
	return ERR_PTR(err);
}

/**
 * kshm_buffer_get() - take a reference
 * @buf: a buffer that the caller knows to be held by somebody
 *
 * Context: any.
 */
void kshm_buffer_get(struct kshm_buffer *buf)
{
	kref_get(&buf->ref);
}

static void kshm_buffer_free(struct kref *ref)
{
	struct kshm_buffer *buf = container_of(ref, struct kshm_buffer, ref);

	if (buf->page)
		kshm_row_put(buf->page, kshm_buffer_pages(buf));
	else
		kshm_carveout_release(buf);
	iput(buf->inode);
	kfree(buf);
}

/**
 * kshm_buffer_put() - drop a reference
 * @buf: the buffer
 *
 * With the last reference the memory goes back, page by page as soon as no pin
 * of the kernel's (O_DIRECT, io_uring, RDMA) is left on it.
 *
 * Context: process, may sleep.
 */
void kshm_buffer_put(struct kshm_buffer *buf)
{
	kref_put(&buf->ref, kshm_buffer_free);
}

/**
 * kshm_buffers_init() - mount the file system that buffers' inodes live in
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_buffers_init(void)
{
	kshm_mnt = kern_mount(&kshm_fs_type);
	return PTR_ERR_OR_ZERO(kshm_mnt);
}

/**
 * kshm_buffers_exit() - unmount it; no buffer is left
 *
 * Context: process, at unload.
 */
void kshm_buffers_exit(void)
{
	kern_unmount(kshm_mnt);
}
