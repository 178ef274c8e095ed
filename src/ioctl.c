// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl() on an open device.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "buffer.h"
#include "dmabuf.h"
#include "file.h"

/* The size of struct kshm_info in the first version of the interface. */
#define KSHM_INFO_SIZE_VER0	80

/* Not capable(): asking is no use of a privilege that an audit log must show. */
static bool kshm_may_see_phys_addr(void)
{
	return !kshm_restrict_phys_addr ||
	       ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
}

/**
 * kshm_ioctl_read() - read the argument of a command
 * @arg:  result
 * @size: size of the structure as the driver knows it, bytes
 * @min:  its size in the first version of the interface
 * @uarg: the program's structure, which begins with its size
 *
 * Context: process, may sleep.
 * Return: 0; -EFAULT; -EINVAL when it is smaller than @min; -E2BIG when it has
 * something that the driver does not know.
 */
int kshm_ioctl_read(void *arg, size_t size, size_t min,
		    const void __user *uarg)
{
	u32 usize;

	if (get_user(usize, (const u32 __user *)uarg))
		return -EFAULT;
	if (usize < min)
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(arg, size, uarg, usize);
}

static int kshm_ioctl_info(struct kshm_buffer *buf, void __user *arg)
{
	const struct kshm_memory *mem = &buf->mem;
	struct kshm_info info;
	size_t size;
	int err;

	BUILD_BUG_ON(offsetofend(struct kshm_info, name) !=
		     KSHM_INFO_SIZE_VER0);

	err = kshm_ioctl_read(&info, sizeof(info), KSHM_INFO_SIZE_VER0, arg);
	if (err)
		return err;
	if (info.flags || info.reserved)
		return -EINVAL;

	size = min_t(size_t, info.struct_size, sizeof(info));
	memset(&info, 0, sizeof(info));
	info.struct_size = sizeof(info);
	info.size = mem->size;
	if (kshm_may_see_phys_addr()) {
		info.phys_addr = mem->phys;
		kshm_attach_dma_addr(&buf->attached, &info.dma_addr);
	}
	info.folio_size = mem->entry_size;
	info.node = mem->node;
	info.cache = mem->cache;
	info.backing = mem->ops->id;
	strscpy(info.name, buf->name, sizeof(info.name));
	return copy_to_user(arg, &info, size) ? -EFAULT : 0;
}

static int kshm_ioctl_sync(struct file *file, const void __user *uarg)
{
	const struct kshm_buffer *buf = kshm_file_buffer(file);
	struct kshm_sync arg;
	int err;

	err = kshm_ioctl_read(&arg, sizeof(arg), sizeof(arg), uarg);
	if (err)
		return err;
	if (arg.flags || arg.reserved ||
	    (arg.direction != KSHM_SYNC_FOR_DEVICE &&
	     arg.direction != KSHM_SYNC_FOR_CPU))
		return -EINVAL;
	if (arg.len > buf->mem.size || arg.offset > buf->mem.size - arg.len)
		return -EINVAL;
	return kshm_attach_sync(&buf->attached, arg.offset, arg.len,
				arg.direction == KSHM_SYNC_FOR_CPU,
				file->f_mode & FMODE_WRITE);
}

static int kshm_ioctl_events(struct kshm_file *kfile, void __user *uarg)
{
	struct kshm_events events;
	int err;

	err = kshm_ioctl_read(&events, sizeof(events), sizeof(events), uarg);
	if (err)
		return err;
	if (events.flags)
		return -EINVAL;
	events.struct_size = sizeof(events);
	events.count = kshm_doorbell_count(&kfile->buf->bell);
	if (copy_to_user(uarg, &events, sizeof(events)))
		return -EFAULT;
	kshm_doorbell_set_seen(kfile, events.count);
	return 0;
}

static int kshm_ioctl_eventfd(struct kshm_file *kfile, const void __user *uarg)
{
	struct kshm_eventfd arg;
	int err;

	err = kshm_ioctl_read(&arg, sizeof(arg), sizeof(arg), uarg);
	if (err)
		return err;
	if (arg.flags || arg.reserved || arg.fd < -1)
		return -EINVAL;
	return kshm_doorbell_set_eventfd(kfile, arg.fd);
}

/* Returns a descriptor or an errno. */
static int kshm_ioctl_export(struct file *file, const void __user *uarg)
{
	struct kshm_buffer *buf = kshm_file_buffer(file);
	const struct kshm_memory *mem = &buf->mem;
	struct kshm_export arg;
	int err;

	err = kshm_ioctl_read(&arg, sizeof(arg), sizeof(arg), uarg);
	if (err)
		return err;
	if (arg.flags & ~KSHM_EXPORT_CLOEXEC)
		return -EINVAL;
	if (offset_in_page(arg.offset) || offset_in_page(arg.len))
		return -EINVAL;
	if (!arg.len || arg.len > mem->size || arg.offset > mem->size - arg.len)
		return -EINVAL;
	/* mmap() of such a file fails in the same way. */
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	/* Drivers may want struct pages of what a dma-buf has. */
	if (mem->ops->map)
		return -EOPNOTSUPP;
	return kshm_dmabuf_export(buf, arg.offset, arg.len,
				  file->f_mode & FMODE_WRITE,
				  arg.flags & KSHM_EXPORT_CLOEXEC ?
				  O_CLOEXEC : 0);
}

/**
 * kshm_ioctl() - an ioctl of an open device
 * @file: the open device
 * @cmd:  KSHM_IOC_*
 * @arg:  as the command requires
 *
 * Serves 32-bit programs, too: the structures are the same for them.
 *
 * Context: process, may sleep.
 * Return: what the command returns; -ENOTTY for an unknown one.
 */
long kshm_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct kshm_file *kfile = file->private_data;
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case KSHM_IOC_INFO:
		return kshm_ioctl_info(kfile->buf, uarg);
	case KSHM_IOC_NOTIFY:
		if (arg)
			return -EINVAL;
		kshm_doorbell_ring(&kfile->buf->bell, kfile);
		return 0;
	case KSHM_IOC_EVENTS:
		return kshm_ioctl_events(kfile, uarg);
	case KSHM_IOC_EVENTFD:
		return kshm_ioctl_eventfd(kfile, uarg);
	case KSHM_IOC_EXPORT:
		return kshm_ioctl_export(file, uarg);
	case KSHM_IOC_SYNC:
		return kshm_ioctl_sync(file, uarg);
	default:
		return -ENOTTY;
	}
}
