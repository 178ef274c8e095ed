// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making buffers, counting their users, and the file system of their inodes.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "buffer.h"
#include "spec.h"

#define KSHM_FS_MAGIC		0x6b73686d	/* "kshm" */

/*
 * finish_fault() takes the size and the mapping of a file from its inode when
 * it installs a huge entry. The inode of a device node has size 0, so each
 * buffer has an inode here.
 */
static struct vfsmount *kshm_mnt;

/*
 * offline_pages() prints what it cannot migrate. It takes the mapping of a page,
 * writes some lines to the console, which can take long, and then looks for a
 * dentry of the inode. So the last inodes are not freed before others follow.
 * RCU would not do: it keeps its pointers in the place of i_dentry, and the one
 * who prints is no reader.
 */
#define KSHM_MAX_OLD_INODES	128

static LIST_HEAD(kshm_old_inodes);
static unsigned int kshm_nr_old_inodes;
static DEFINE_SPINLOCK(kshm_old_inodes_lock);	/* guards both */

/* Free the oldest ones but @keep of them. */
static void kshm_free_old_inodes(unsigned int keep)
{
	struct inode *inode, *next;
	LIST_HEAD(list);

	spin_lock(&kshm_old_inodes_lock);
	for (; kshm_nr_old_inodes > keep; kshm_nr_old_inodes--)
		list_move(kshm_old_inodes.next, &list);
	spin_unlock(&kshm_old_inodes_lock);
	list_for_each_entry_safe(inode, next, &list, i_lru) {
		list_del_init(&inode->i_lru);
		free_inode_nonrcu(inode);
	}
}

static void kshm_destroy_inode(struct inode *inode)
{
	spin_lock(&kshm_old_inodes_lock);
	list_add_tail(&inode->i_lru, &kshm_old_inodes);
	kshm_nr_old_inodes++;
	spin_unlock(&kshm_old_inodes_lock);
	kshm_free_old_inodes(KSHM_MAX_OLD_INODES);
}

static const struct super_operations kshm_super_ops = {
	.statfs = simple_statfs,
	.destroy_inode = kshm_destroy_inode,
};

static int kshm_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, KSHM_FS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &kshm_super_ops;
	return 0;
}

/* No owner: the module holds the mount, so the mount must not hold it. */
static struct file_system_type kshm_fs_type = {
	.name = "kshm",
	.init_fs_context = kshm_init_fs_context,
	.kill_sb = kill_anon_super,
};

/*
 * Returns the device to attach a buffer to, with a reference, and narrows @mem to
 * what it reaches; NULL when none is asked for, -ENODEV when there is no such
 * device.
 */
static struct device *kshm_buffer_device(const struct kshm_spec *spec,
					 struct kshm_mem_spec *mem)
{
	struct device *dev;

	if (spec->dev) {
		dev = get_device(spec->dev);
	} else if (spec->attach[0]) {
		dev = kshm_attach_find(spec->attach);
		if (!dev)
			return ERR_PTR(-ENODEV);
	} else {
		return NULL;
	}
	kshm_attach_narrow(dev, mem);
	return dev;
}

/* Allocate the memory, and map it for the device if one is given. */
static int kshm_buffer_alloc(struct kshm_buffer *buf,
			     const struct kshm_spec *spec, u64 *largest)
{
	struct kshm_mem_spec mem = spec->mem;
	struct device *dev;
	int err;

	dev = kshm_buffer_device(spec, &mem);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	err = kshm_memory_alloc(&buf->mem, &mem, buf->name, largest);
	if (!err && dev) {
		if (spec->dev)
			err = kshm_attach_locked(&buf->attached, dev,
						 &spec->mem, &buf->mem);
		else
			err = kshm_attach(&buf->attached, dev, &spec->mem,
					  &buf->mem);
		if (err)
			kshm_memory_free(&buf->mem);
	}
	put_device(dev);
	return err;
}

/**
 * kshm_buffer_create() - make a buffer
 * @spec:    what is wanted; valid
 * @largest: as for kshm_memory_alloc()
 *
 * Context: process, may sleep for some seconds. A fatal signal ends it.
 * Return: the buffer with one reference, or an errno; see kshm_memory_alloc() and
 * kshm_attach().
 */
struct kshm_buffer *kshm_buffer_create(const struct kshm_spec *spec,
				       u64 *largest)
{
	struct kshm_buffer *buf;
	int err;

	buf = kzalloc(sizeof(*buf), GFP_KERNEL);
	if (!buf)
		return ERR_PTR(-ENOMEM);
	kref_init(&buf->ref);
	kshm_doorbell_init(&buf->bell);
	strscpy(buf->name, spec->name, sizeof(buf->name));

	buf->inode = alloc_anon_inode(kshm_mnt->mnt_sb);
	if (IS_ERR(buf->inode)) {
		err = PTR_ERR(buf->inode);
		goto err_free;
	}
	err = kshm_buffer_alloc(buf, spec, largest);
	if (err)
		goto err_iput;
	i_size_write(buf->inode, buf->mem.size);
	if (buf->mem.ops->set_mapping)
		buf->mem.ops->set_mapping(&buf->mem, buf->inode->i_mapping);
	return buf;

err_iput:
	iput(buf->inode);
err_free:
	kfree(buf);
	return ERR_PTR(err);
}

/**
 * kshm_buffer_get() - take a reference
 * @buf: a buffer to which somebody holds a reference
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

	kshm_detach(&buf->attached);
	kshm_memory_free(&buf->mem);
	/* Not before: others may allocate as much then. */
	if (buf->charged)
		atomic64_sub(buf->mem.size, buf->charged);
	iput(buf->inode);
	kfree(buf);
}

/**
 * kshm_buffer_put() - drop a reference
 * @buf: the buffer
 *
 * With the last reference the memory is freed, page by page as soon as the
 * kernel has no pin on it (O_DIRECT, io_uring, RDMA).
 *
 * Context: process, may sleep.
 */
void kshm_buffer_put(struct kshm_buffer *buf)
{
	kref_put(&buf->ref, kshm_buffer_free);
}

/**
 * kshm_buffer_largest() - the largest size that would succeed now
 * @spec: all but the size counts
 *
 * Context: process, may sleep. A fatal signal ends it.
 * Return: as kshm_memory_largest(); 0 also when there is no such device.
 */
u64 kshm_buffer_largest(const struct kshm_spec *spec)
{
	struct kshm_mem_spec mem = spec->mem;
	struct device *dev;

	dev = kshm_buffer_device(spec, &mem);
	if (IS_ERR(dev))
		return 0;
	put_device(dev);
	return kshm_memory_largest(&mem);
}

/**
 * kshm_buffers_init() - mount the file system of the buffers' inodes
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
 * kshm_buffers_exit() - unmount it, and free its inodes; no buffer is left
 *
 * Context: process, at unload.
 */
void kshm_buffers_exit(void)
{
	kern_unmount(kshm_mnt);
	kshm_free_old_inodes(0);
}
