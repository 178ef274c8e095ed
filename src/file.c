// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program can do with an open /dev/kshmN, mmap apart.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "compat.h"
#include "kshm.h"

static int kshm_open(struct inode *inode, struct file *file)
{
	struct kshm_buffer *buf;

	buf = kshm_device_get_buffer(iminor(inode));
	if (!buf)
		return -ENODEV;

	/* All who open the buffer map the same thing, whichever node it was. */
	file->f_mapping = buf->inode->i_mapping;
	file->private_data = buf;
	atomic_inc(&buf->openers);
	return 0;
}

static int kshm_release(struct inode *inode, struct file *file)
{
	struct kshm_buffer *buf = file->private_data;

	atomic_dec(&buf->openers);
	kshm_buffer_put(buf);
	return 0;
}

static loff_t kshm_llseek(struct file *file, loff_t off, int whence)
{
	struct kshm_buffer *buf = file->private_data;

	return generic_file_llseek_size(file, off, whence, buf->size,
					buf->size);
}

/*
 * Hardened usercopy wants a copy to stay in one folio. Bytes from @pos to the
 * end of its folio; a carveout has none, but is copied in pieces, too.
 */
static size_t kshm_folio_rest(const struct kshm_buffer *buf, u64 pos)
{
	struct page *page, *head;

	if (!buf->page)
		return min_t(u64, buf->size - pos, SZ_2M);
	page = buf->page + (pos >> PAGE_SHIFT);
	head = compound_head(page);
	return page_size(head) - ((page - head) << PAGE_SHIFT) -
	       offset_in_page(pos);
}

/*
 * Copy as much as there is from the file position on. Returns the number of
 * bytes, which is short where the buffer or the program's memory ends.
 */
static ssize_t kshm_copy(struct kiocb *iocb, struct iov_iter *iter, bool write)
{
	struct kshm_buffer *buf = iocb->ki_filp->private_data;
	size_t len = iov_iter_count(iter), done = 0;
	u64 pos = iocb->ki_pos;

	if (!len)
		return 0;
	if (pos >= buf->size)
		return write ? -ENOSPC : 0;
	len = min_t(u64, len, buf->size - pos);

	while (done < len) {
		size_t part = min(len - done, kshm_folio_rest(buf, pos));
		void *mem = buf->vaddr + pos;
		size_t copied;

		copied = write ? copy_from_iter(mem, part, iter) :
				 copy_to_iter(mem, part, iter);
		done += copied;
		pos += copied;
		if (copied < part || fatal_signal_pending(current))
			break;
		cond_resched();
	}

	if (!done)
		return -EFAULT;
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

/* Memory is the storage: there is nothing to wait for. */
static int kshm_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return 0;
}

static int kshm_ioctl_info(struct kshm_buffer *buf,
			   struct kshm_info __user *arg)
{
	struct kshm_info info;
	u32 room;

	if (copy_from_user(&info, arg, offsetofend(struct kshm_info, flags)))
		return -EFAULT;
	room = info.struct_size;
	if (room < sizeof(info))
		return -EINVAL;
	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (info.flags || info.reserved)
		return -EINVAL;

	memset(&info, 0, sizeof(info));
	info.struct_size = sizeof(info);
	info.size = buf->size;
	if (!kshm_restrict_phys_addr || capable(CAP_SYS_ADMIN))
		info.phys_addr = buf->phys;
	info.folio_size = buf->folio_size;
	info.node = buf->node;
	info.cache = KSHM_CACHE_WB;
	info.backing = buf->backing;
	strscpy(info.name, buf->name, sizeof(info.name));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long kshm_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct kshm_buffer *buf = file->private_data;

	switch (cmd) {
	case KSHM_IOC_INFO:
		return kshm_ioctl_info(buf, (struct kshm_info __user *)arg);
	default:
		return -ENOTTY;
	}
}

const struct file_operations kshm_fops = {
	.owner = THIS_MODULE,
	.open = kshm_open,
	.release = kshm_release,
	.llseek = kshm_llseek,
	.read_iter = kshm_read_iter,
	.write_iter = kshm_write_iter,
	.splice_read = kshm_splice_read,
	.splice_write = iter_file_splice_write,
	.fsync = kshm_fsync,
	.unlocked_ioctl = kshm_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = kshm_mmap,
	.get_unmapped_area = kshm_get_unmapped_area,
};
