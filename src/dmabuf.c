// SPDX-License-Identifier: GPL-2.0-only
/*
 * A part of a buffer as a dma-buf: other drivers let their devices use it, and
 * programs map it.
 *
 * Page faults, futexes and the reverse mapping want the file of a VMA to have
 * the inode of the buffer, and the file of a dma-buf has another. So each dma-buf
 * has a second file, which no program gets: mmap() makes it that of the VMA.
 */
#include <linux/anon_inodes.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pfn.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <uapi/linux/dma-buf.h>

#include "buffer.h"
#include "compat/compat.h"
#include "compat/dmabuf.h"
#include "dmabuf.h"
#include "file.h"

KSHM_IMPORT_NS(DMA_BUF);

/**
 * struct kshm_dmabuf - a part of a buffer that is exported
 * @buf:      the buffer, to which this holds a reference
 * @start:    first byte in the buffer, a multiple of PAGE_SIZE
 * @len:      bytes, a multiple of PAGE_SIZE
 * @writable: whether programs and devices may write to it
 * @file:     the file of its VMAs; this belongs to it. The dma-buf holds a
 *	      reference to it, and so does each VMA.
 * @lock:     guards @maps
 * @maps:     what is mapped for devices: struct kshm_dmabuf_map
 */
struct kshm_dmabuf {
	struct kshm_buffer *buf;
	u64 start;
	u64 len;
	bool writable;
	struct file *file;
	struct mutex lock;	/* guards maps */
	struct list_head maps;
};

/**
 * struct kshm_dmabuf_map - a dma-buf that is mapped for a device
 * @sgt:  what the driver of the device gets
 * @dev:  the device
 * @dir:  who writes
 * @node: in the list of the dma-buf
 */
struct kshm_dmabuf_map {
	struct sg_table sgt;
	struct device *dev;
	enum dma_data_direction dir;
	struct list_head node;
};

/* Whether no page has a memory error, which a device or the kernel would meet. */
static bool kshm_dmabuf_is_intact(const struct kshm_dmabuf *kdb)
{
	const struct kshm_memory *mem = &kdb->buf->mem;
	u64 pos = kdb->start, end = kdb->start + kdb->len;

	while (pos < end) {
		size_t part = end - pos;

		if (!mem->ops->kaddr(mem, pos, &part))
			return false;
		pos += part;
		cond_resched();
	}
	return true;
}

/* One entry, unless the device wants shorter ones. */
static int kshm_dmabuf_fill_table(const struct kshm_dmabuf *kdb,
				  struct device *dev, struct sg_table *sgt)
{
	unsigned long pfn = PHYS_PFN(kdb->buf->mem.phys + kdb->start);
	unsigned int max = dma_get_max_seg_size(dev) & PAGE_MASK;
	struct scatterlist *sg;
	u64 left = kdb->len;
	unsigned int i;
	int err;

	max = max_t(unsigned int, max, PAGE_SIZE);
	if (left > (u64)max * INT_MAX)
		return -EINVAL;
	err = sg_alloc_table(sgt, div_u64(left + max - 1, max), GFP_KERNEL);
	if (err)
		return err;
	for_each_sgtable_sg(sgt, sg, i) {
		unsigned int part = min_t(u64, left, max);

		sg_set_page(sg, pfn_to_page(pfn), part, 0);
		pfn += PHYS_PFN(part);
		left -= part;
	}
	return 0;
}

/*
 * The mode of the file counts for devices, too: without this, whoever may only
 * read a buffer could let a device write to it.
 */
static struct sg_table *kshm_dmabuf_map_dma(struct dma_buf_attachment *attach,
					    enum dma_data_direction dir)
{
	struct kshm_dmabuf *kdb = attach->dmabuf->priv;
	struct kshm_dmabuf_map *map;
	int err;

	if (!kdb->writable && dir != DMA_TO_DEVICE)
		return ERR_PTR(-EACCES);
	if (!kshm_dmabuf_is_intact(kdb))
		return ERR_PTR(-EIO);
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return ERR_PTR(-ENOMEM);
	map->dev = attach->dev;
	map->dir = dir;
	err = kshm_dmabuf_fill_table(kdb, attach->dev, &map->sgt);
	if (err)
		goto err_free;
	err = dma_map_sgtable(attach->dev, &map->sgt, dir, 0);
	if (err)
		goto err_free_table;

	mutex_lock(&kdb->lock);
	list_add(&map->node, &kdb->maps);
	mutex_unlock(&kdb->lock);
	return &map->sgt;

err_free_table:
	sg_free_table(&map->sgt);
err_free:
	kfree(map);
	return ERR_PTR(err);
}

static void kshm_dmabuf_unmap_dma(struct dma_buf_attachment *attach,
				  struct sg_table *sgt,
				  enum dma_data_direction dir)
{
	struct kshm_dmabuf_map *map = container_of(sgt, struct kshm_dmabuf_map,
						   sgt);
	struct kshm_dmabuf *kdb = attach->dmabuf->priv;

	mutex_lock(&kdb->lock);
	list_del(&map->node);
	mutex_unlock(&kdb->lock);
	dma_unmap_sgtable(map->dev, &map->sgt, map->dir, 0);
	sg_free_table(&map->sgt);
	kfree(map);
}

/* The direction must be that of the mapping, whatever the processor will do. */
static int kshm_dmabuf_begin_cpu_access(struct dma_buf *dmabuf,
					enum dma_data_direction dir)
{
	struct kshm_dmabuf *kdb = dmabuf->priv;
	struct kshm_dmabuf_map *map;

	mutex_lock(&kdb->lock);
	list_for_each_entry(map, &kdb->maps, node)
		dma_sync_sgtable_for_cpu(map->dev, &map->sgt, map->dir);
	mutex_unlock(&kdb->lock);
	return 0;
}

static int kshm_dmabuf_end_cpu_access(struct dma_buf *dmabuf,
				      enum dma_data_direction dir)
{
	struct kshm_dmabuf *kdb = dmabuf->priv;
	struct kshm_dmabuf_map *map;

	mutex_lock(&kdb->lock);
	list_for_each_entry(map, &kdb->maps, node)
		dma_sync_sgtable_for_device(map->dev, &map->sgt, map->dir);
	mutex_unlock(&kdb->lock);
	return 0;
}

/* @pgoff counts from the start of the dma-buf, the offset of a VMA from the buffer's. */
static int kshm_dmabuf_map_vma(struct kshm_dmabuf *kdb,
			       struct vm_area_struct *vma, pgoff_t pgoff)
{
	u64 nr = kdb->len >> PAGE_SHIFT;

	if (vma_pages(vma) > nr || pgoff > nr - vma_pages(vma))
		return -EINVAL;
	/* Another driver may map it, too, for whoever may write to its file. */
	if (!kdb->writable) {
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		vm_flags_clear(vma, VM_MAYWRITE);
	}
	vma->vm_pgoff = pgoff + PHYS_PFN(kdb->start);
	return kshm_buffer_mmap(kdb->buf, vma);
}

static int kshm_dmabuf_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct kshm_dmabuf *kdb = dmabuf->priv;
	int err;

	err = kshm_dmabuf_map_vma(kdb, vma, vma->vm_pgoff);
	if (err)
		return err;
	/* Last: a failed mmap() must leave the file as it was. */
	vma_set_file(vma, kdb->file);
	return 0;
}

static KSHM_VMAP_TYPE kshm_dmabuf_vmap(KSHM_VMAP_ARGS)
{
	struct kshm_dmabuf *kdb = dmabuf->priv;
	void *vaddr = kdb->buf->mem.vaddr + kdb->start;

	return KSHM_VMAP_RESULT(kshm_dmabuf_is_intact(kdb) ? vaddr : NULL);
}

static void kshm_dmabuf_release(struct dma_buf *dmabuf)
{
	struct kshm_dmabuf *kdb = dmabuf->priv;

	fput(kdb->file);
}

static const struct dma_buf_ops kshm_dmabuf_ops = {
	.map_dma_buf = kshm_dmabuf_map_dma,
	.unmap_dma_buf = kshm_dmabuf_unmap_dma,
	.begin_cpu_access = kshm_dmabuf_begin_cpu_access,
	.end_cpu_access = kshm_dmabuf_end_cpu_access,
	.mmap = kshm_dmabuf_mmap,
	.vmap = kshm_dmabuf_vmap,
	.release = kshm_dmabuf_release,
};

/* Drivers could write to what vmap() returns, and the kernel warns when it fails. */
static const struct dma_buf_ops kshm_dmabuf_read_only_ops = {
	.map_dma_buf = kshm_dmabuf_map_dma,
	.unmap_dma_buf = kshm_dmabuf_unmap_dma,
	.begin_cpu_access = kshm_dmabuf_begin_cpu_access,
	.end_cpu_access = kshm_dmabuf_end_cpu_access,
	.mmap = kshm_dmabuf_mmap,
	.release = kshm_dmabuf_release,
};

/*
 * A program cannot open the file of its VMA, but remap_file_pages() maps it at
 * any offset.
 */
static int kshm_dmabuf_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct kshm_dmabuf *kdb = file->private_data;

	/* An offset before the start becomes one that is too large. */
	return kshm_dmabuf_map_vma(kdb, vma,
				   vma->vm_pgoff - PHYS_PFN(kdb->start));
}

static int kshm_dmabuf_file_release(struct inode *inode, struct file *file)
{
	struct kshm_dmabuf *kdb = file->private_data;

	mutex_destroy(&kdb->lock);
	kshm_buffer_put(kdb->buf);
	kfree(kdb);
	return 0;
}

static const struct file_operations kshm_dmabuf_fops = {
	.owner = THIS_MODULE,
	.release = kshm_dmabuf_file_release,
	.mmap = kshm_dmabuf_file_mmap,
};

/* It belongs to its file, and is freed by fput(). */
static struct kshm_dmabuf *kshm_dmabuf_create(struct kshm_buffer *buf,
					      u64 start, u64 len, bool writable)
{
	struct kshm_dmabuf *kdb = kzalloc(sizeof(*kdb), GFP_KERNEL_ACCOUNT);
	struct file *file;

	if (!kdb)
		return ERR_PTR(-ENOMEM);
	file = anon_inode_getfile("[kshm]", &kshm_dmabuf_fops, kdb,
				  writable ? O_RDWR : O_RDONLY);
	if (IS_ERR(file)) {
		kfree(kdb);
		return ERR_CAST(file);
	}
	/* All VMAs of the buffer are in one mapping. */
	file->f_mapping = buf->inode->i_mapping;
	kshm_buffer_get(buf);
	kdb->buf = buf;
	kdb->start = start;
	kdb->len = len;
	kdb->writable = writable;
	kdb->file = file;
	mutex_init(&kdb->lock);
	INIT_LIST_HEAD(&kdb->maps);
	return kdb;
}

/* As DMA_BUF_SET_NAME does it. A program may change it. */
static int kshm_dmabuf_set_name(struct dma_buf *dmabuf, const char *name)
{
	char *copy;

	BUILD_BUG_ON(KSHM_NAME_SIZE > DMA_BUF_NAME_LEN);

	if (!*name)
		return 0;
	copy = kstrdup(name, GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	spin_lock(&dmabuf->name_lock);
	dmabuf->name = copy;
	spin_unlock(&dmabuf->name_lock);
	return 0;
}

/**
 * kshm_dmabuf_export() - export a part of a buffer as a dma-buf
 * @buf:      a buffer with struct pages, to which the caller holds a reference
 * @start:    first byte, a multiple of PAGE_SIZE
 * @len:      bytes, a multiple of PAGE_SIZE; all are in the buffer
 * @writable: whether programs and devices may write to it
 * @flags:    O_CLOEXEC or 0
 *
 * The dma-buf and its mappings hold the buffer, and this module.
 *
 * Context: process, may sleep.
 * Return: a descriptor of the calling process; -EOPNOTSUPP when the kernel has no
 * dma-buf; -ENOMEM, -EMFILE or -ENFILE.
 */
int kshm_dmabuf_export(struct kshm_buffer *buf, u64 start, u64 len,
		       bool writable, int flags)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct kshm_dmabuf *kdb;
	struct dma_buf *dmabuf;
	int err;

	kdb = kshm_dmabuf_create(buf, start, len, writable);
	if (IS_ERR(kdb))
		return PTR_ERR(kdb);
	info.ops = writable ? &kshm_dmabuf_ops : &kshm_dmabuf_read_only_ops;
	info.size = len;
	info.flags = writable ? O_RDWR : O_RDONLY;
	info.priv = kdb;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf)) {
		fput(kdb->file);
		return PTR_ERR(dmabuf);
	}
	err = kshm_dmabuf_set_name(dmabuf, buf->name);
	if (!err)
		err = dma_buf_fd(dmabuf, flags);
	if (err < 0)
		dma_buf_put(dmabuf);
	return err;
}
