// SPDX-License-Identifier: GPL-2.0-only
/*
 * An open /dev/kshmN or memfd, except for mmap() and ioctl().
 *
 * A program opens the device, reads its size by KSHM_IOC_INFO or by lseek() to
 * the end, and maps as much of it as it wants. read() and write() copy bytes at
 * the file position: they see what is in the mapping.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "alloc.h"
#include "buffer.h"
#include "compat/compat.h"
#include "device.h"
#include "file.h"
#include "memfd.h"

/**
 * kshm_file_alloc() - allocate what an open file needs
 * @buf: the buffer that will be opened
 *
 * Context: process, may sleep.
 * Return: it, to be attached to a file or freed by kfree(); or NULL.
 */
struct kshm_file *kshm_file_alloc(struct kshm_buffer *buf)
{
	struct kshm_file *kfile = kzalloc(sizeof(*kfile), GFP_KERNEL_ACCOUNT);

	if (!kfile)
		return NULL;
	kfile->buf = buf;
	INIT_LIST_HEAD(&kfile->node);
	return kfile;
}

/**
 * kshm_file_attach() - make a file that of a buffer
 * @file:  the file
 * @kfile: what kshm_file_alloc() returned; belongs to the file from here on, with
 *	   a reference to the buffer that the caller has taken
 *
 * Context: process.
 */
void kshm_file_attach(struct file *file, struct kshm_file *kfile)
{
	struct kshm_buffer *buf = kfile->buf;

	kshm_doorbell_set_seen(kfile, kshm_doorbell_count(&buf->bell));
	/* Whichever inode was opened, all map the same file. */
	file->f_mapping = buf->inode->i_mapping;
	file->private_data = kfile;
	atomic_inc(&buf->openers);
}

static int kshm_open_buffer(struct file *file, struct kshm_buffer *buf)
{
	struct kshm_file *kfile = kshm_file_alloc(buf);

	if (!kfile)
		return -ENOMEM;
	kshm_file_attach(file, kfile);
	return 0;
}

/* A memfd is opened by /proc/PID/fd. */
static int kshm_open_memfd(struct inode *inode, struct file *file)
{
	struct kshm_buffer *buf = kshm_memfd_get_buffer(inode);
	int err;

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	err = kshm_open_buffer(file, buf);
	if (err) {
		kshm_buffer_put(buf);
		kshm_memfd_release();
	}
	return err;
}

static int kshm_open_device(struct inode *inode, struct file *file)
{
	struct kshm_buffer *buf = kshm_device_get_buffer(iminor(inode));
	int err;

	if (!buf)
		return -ENODEV;
	err = kshm_open_buffer(file, buf);
	if (err)
		kshm_buffer_put(buf);
	return err;
}

static int kshm_open(struct inode *inode, struct file *file)
{
	if (S_ISREG(inode->i_mode))
		return kshm_open_memfd(inode, file);
	if (iminor(inode) == KSHM_ALLOC_MINOR)
		return kshm_alloc_open(file);
	return kshm_open_device(inode, file);
}

static int kshm_release(struct inode *inode, struct file *file)
{
	struct kshm_file *kfile = file->private_data;

	kshm_doorbell_set_eventfd(kfile, -1);
	atomic_dec(&kfile->buf->openers);
	kshm_buffer_put(kfile->buf);
	kfree(kfile);
	if (S_ISREG(inode->i_mode))
		kshm_memfd_release();
	return 0;
}

static loff_t kshm_llseek(struct file *file, loff_t off, int whence)
{
	u64 size = kshm_file_buffer(file)->mem.size;

	return generic_file_llseek_size(file, off, whence, size, size);
}

/*
 * Copy as much as possible from the file position on. Returns the number of
 * bytes, which is short at the end of the buffer or of the program's memory, and
 * before a memory error.
 */
static ssize_t kshm_copy(struct kiocb *iocb, struct iov_iter *iter, bool write)
{
	const struct kshm_memory *mem = &kshm_file_buffer(iocb->ki_filp)->mem;
	size_t len = iov_iter_count(iter), done = 0;
	u64 pos = iocb->ki_pos;
	int err = -EFAULT;

	if (!len)
		return 0;
	if (pos >= mem->size)
		return write ? -ENOSPC : 0;
	len = min_t(u64, len, mem->size - pos);

	while (done < len) {
		size_t copied, part = len - done;
		void *addr = mem->ops->kaddr(mem, pos, &part);

		if (!addr) {
			err = -EIO;
			break;
		}
		copied = write ? copy_from_iter(addr, part, iter) :
				 copy_to_iter(addr, part, iter);
		done += copied;
		pos += copied;
		if (copied < part || fatal_signal_pending(current))
			break;
		cond_resched();
	}

	if (!done)
		return err;
	iocb->ki_pos = pos;
	return done;
}

static ssize_t kshm_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return kshm_copy(iocb, to, false);
}

static ssize_t kshm_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return kshm_copy(iocb, from, true);
}

/* Memory can always be read and written. */
static __poll_t kshm_poll(struct file *file, struct poll_table_struct *wait)
{
	__poll_t mask = EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
	struct kshm_file *kfile = file->private_data;

	poll_wait(file, &kfile->buf->bell.wait, wait);
	if (kshm_doorbell_has_rung(kfile))
		mask |= EPOLLPRI;
	return mask;
}

/* There is no other storage to write to. */
static int kshm_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return 0;
}

const struct file_operations kshm_fops = {
	.owner = THIS_MODULE,
	.open = kshm_open,
	.release = kshm_release,
	.llseek = kshm_llseek,
	.read_iter = kshm_read_iter,
	.write_iter = kshm_write_iter,
	.poll = kshm_poll,
	.splice_read = copy_splice_read,
	.splice_write = iter_file_splice_write,
	.fsync = kshm_fsync,
	.unlocked_ioctl = kshm_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = kshm_mmap,
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
	.get_unmapped_area = kshm_get_unmapped_area,
#endif
};
