// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contiguous memfds: buffers without a device, as regular files. All but fstat()
 * and opening again by /proc/PID/fd is as for an open device.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

#include "buffer.h"
#include "compat/inode.h"
#include "file.h"
#include "memfd.h"

#define KSHM_MEMFD_FS_MAGIC	0x6b736d66	/* "ksmf" */

/* The inode of a memfd holds the buffer: a path to it can outlive all files. */
static void kshm_memfd_evict_inode(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	if (inode->i_private)
		kshm_buffer_put(inode->i_private);
}

static const struct super_operations kshm_memfd_super_ops = {
	.statfs = simple_statfs,
	.evict_inode = kshm_memfd_evict_inode,
};

static int kshm_memfd_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, KSHM_MEMFD_FS_MAGIC);

	if (!ctx)
		return -ENOMEM;
	ctx->ops = &kshm_memfd_super_ops;
	return 0;
}

/*
 * Unlike the file system of buffer.c, this one holds the module as long as it is
 * mounted: a program can keep a path, and so the mount, with no open file of
 * kshm (O_PATH). It is mounted while there is a memfd.
 */
static struct file_system_type kshm_memfd_fs_type = {
	.name = "kshm-memfd",
	.owner = THIS_MODULE,
	.init_fs_context = kshm_memfd_init_fs_context,
	.kill_sb = kill_anon_super,
};

/* Guarded by simple_pin_fs(). One pin for each open file. */
static struct vfsmount *kshm_memfd_mnt;
static int kshm_memfd_pins;

static int kshm_memfd_setattr(KSHM_SETATTR_ARGS)
{
	if (attr->ia_valid & ATTR_SIZE)
		return -EPERM;
	return simple_setattr(idmap, dentry, attr);
}

static const struct inode_operations kshm_memfd_inode_ops = {
	.setattr = kshm_memfd_setattr,
};

/**
 * kshm_memfd_get_buffer() - the buffer of a memfd that is being opened again
 * @inode: the inode of the memfd
 *
 * kshm_memfd_release() undoes it, but for the reference.
 *
 * Context: process, may sleep.
 * Return: the buffer with a reference for the caller, or an errno.
 */
struct kshm_buffer *kshm_memfd_get_buffer(struct inode *inode)
{
	struct kshm_buffer *buf = inode->i_private;
	int err;

	err = simple_pin_fs(&kshm_memfd_fs_type, &kshm_memfd_mnt,
			    &kshm_memfd_pins);
	if (err)
		return ERR_PTR(err);
	kshm_buffer_get(buf);
	return buf;
}

/**
 * kshm_memfd_release() - the last user of an open file is gone
 *
 * The file still holds the mount by its path.
 *
 * Context: process, may sleep.
 */
void kshm_memfd_release(void)
{
	simple_release_fs(&kshm_memfd_mnt, &kshm_memfd_pins);
}

/* The inode holds the buffer from here on. */
static struct inode *kshm_memfd_inode(struct super_block *sb,
				      struct kshm_buffer *buf)
{
	struct inode *inode = alloc_anon_inode(sb);

	if (IS_ERR(inode))
		return inode;
	inode->i_mode = S_IFREG | 0600;
	inode->i_op = &kshm_memfd_inode_ops;
	inode->i_fop = &kshm_fops;
	inode->i_blocks = buf->mem.size >> 9;
	i_size_write(inode, buf->mem.size);
	kshm_buffer_get(buf);
	inode->i_private = buf;
	return inode;
}

/**
 * kshm_memfd_create() - make a file of a buffer
 * @buf: the buffer, to which the file takes references of its own
 *
 * Context: process, may sleep.
 * Return: the file, open for reading and writing; or an errno.
 */
struct file *kshm_memfd_create(struct kshm_buffer *buf)
{
	struct kshm_file *kfile;
	struct inode *inode;
	struct file *file;
	int err;

	kfile = kshm_file_alloc(buf);
	if (!kfile)
		return ERR_PTR(-ENOMEM);
	err = simple_pin_fs(&kshm_memfd_fs_type, &kshm_memfd_mnt,
			    &kshm_memfd_pins);
	if (err)
		goto err_free;
	inode = kshm_memfd_inode(kshm_memfd_mnt->mnt_sb, buf);
	if (IS_ERR(inode)) {
		err = PTR_ERR(inode);
		goto err_unpin;
	}
	file = alloc_file_pseudo(inode, kshm_memfd_mnt, "kshm",
				 O_RDWR | O_LARGEFILE, &kshm_fops);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto err_iput;
	}
	/* open() would do this. */
	__module_get(THIS_MODULE);
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	kshm_buffer_get(buf);
	kshm_file_attach(file, kfile);
	return file;

err_iput:
	iput(inode);
err_unpin:
	simple_release_fs(&kshm_memfd_mnt, &kshm_memfd_pins);
err_free:
	kfree(kfile);
	return ERR_PTR(err);
}
