// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/kshm-alloc: whoever may open it makes buffers that live as long as their
 * descriptors. The sum of their sizes has a limit.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

#include <uapi/linux/kshm.h>

#include "alloc.h"
#include "buffer.h"
#include "compat/compat.h"
#include "file.h"
#include "memfd.h"
#include "spec.h"

/* Bytes; the limit is negative until it is set. */
static atomic64_t kshm_alloc_limit = ATOMIC64_INIT(-1);
static atomic64_t kshm_alloc_used = ATOMIC64_INIT(0);

static int kshm_alloc_set_limit(const char *text)
{
	size_t len = strlen(text);
	u64 limit;
	int err;

	if (len && text[len - 1] == '\n')
		len--;
	err = kshm_parse_bytes(text, len, &limit);
	if (err)
		return err;
	if (limit > S64_MAX)
		return -ERANGE;
	atomic64_set(&kshm_alloc_limit, limit);
	return 0;
}

static int kshm_alloc_limit_param_set(const char *text,
				      const struct kernel_param *param)
{
	return kshm_alloc_set_limit(text);
}

static const struct kernel_param_ops kshm_alloc_limit_param_ops = {
	.set = kshm_alloc_limit_param_set,
};

module_param_cb(alloc_limit, &kshm_alloc_limit_param_ops, NULL, 0);
MODULE_PARM_DESC(alloc_limit,
		 "Bytes that all buffers of /dev/kshm-alloc may have, with K, M, G (default half of the memory)");

static ssize_t limit_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&kshm_alloc_limit));
}

static ssize_t limit_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	int err = kshm_alloc_set_limit(buf);

	return err ? err : count;
}
static DEVICE_ATTR_RW(limit);

static ssize_t used_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%lld\n", atomic64_read(&kshm_alloc_used));
}
static DEVICE_ATTR_RO(used);

static struct attribute *kshm_alloc_attrs[] = {
	&dev_attr_limit.attr,
	&dev_attr_used.attr,
	NULL
};
ATTRIBUTE_GROUPS(kshm_alloc);

static int kshm_alloc_charge(u64 size)
{
	s64 used = atomic64_read(&kshm_alloc_used);
	u64 limit;

	do {
		limit = atomic64_read(&kshm_alloc_limit);
		if (size > limit || used > limit - size)
			return -EDQUOT;
	} while (!atomic64_try_cmpxchg(&kshm_alloc_used, &used, used + size));
	return 0;
}

/* The buffer is charged until it is freed. */
static struct kshm_buffer *kshm_alloc_buffer(const struct kshm_spec *spec,
					     u64 *largest)
{
	u64 size = PAGE_ALIGN(spec->mem.size);
	struct kshm_buffer *buf;
	int err;

	err = kshm_alloc_charge(size);
	if (err)
		return ERR_PTR(err);
	buf = kshm_buffer_create(spec, largest);
	if (IS_ERR(buf))
		atomic64_sub(size, &kshm_alloc_used);
	else
		buf->charged = &kshm_alloc_used;
	return buf;
}

/* Returns a descriptor or an errno. */
static int kshm_alloc_install(struct kshm_buffer *buf, int flags)
{
	struct file *file;
	int fd;

	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		return fd;
	file = kshm_memfd_create(buf);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static long kshm_alloc(struct kshm_alloc __user *uarg)
{
	struct kshm_buffer *buf;
	struct kshm_alloc arg;
	struct kshm_spec spec;
	u64 largest = 0;
	int err, fd;

	err = kshm_ioctl_read(&arg, sizeof(arg), sizeof(arg), uarg);
	if (err)
		return err;
	if ((arg.flags & ~KSHM_ALLOC_CLOEXEC) || arg.reserved)
		return -EINVAL;
	err = kshm_spec_from_alloc(&spec, &arg);
	if (err)
		return err;

	buf = kshm_alloc_buffer(&spec, &largest);
	if (IS_ERR(buf)) {
		err = PTR_ERR(buf);
		if (err == -ENOMEM && put_user(largest, &uarg->size))
			return -EFAULT;
		return err;
	}
	fd = kshm_alloc_install(buf, arg.flags & KSHM_ALLOC_CLOEXEC ?
				     O_CLOEXEC : 0);
	kshm_buffer_put(buf);
	return fd;
}

static long kshm_alloc_ioctl(struct file *file, unsigned int cmd,
			     unsigned long arg)
{
	if (cmd != KSHM_IOC_ALLOC)
		return -ENOTTY;
	return kshm_alloc((struct kshm_alloc __user *)arg);
}

static const struct file_operations kshm_alloc_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = kshm_alloc_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

/**
 * kshm_alloc_open() - open /dev/kshm-alloc
 * @file: the file, which has got the operations of a device of a buffer
 *
 * Context: process.
 * Return: 0.
 */
int kshm_alloc_open(struct file *file)
{
	/* They have the same owner, which the file holds. */
	file->f_op = &kshm_alloc_fops;
	return 0;
}

static struct class *kshm_alloc_class;
static struct device *kshm_alloc_dev;

/* The release function is code of this module, which must not go before it. */
static DECLARE_COMPLETION(kshm_alloc_released);

static void kshm_alloc_release(struct device *dev)
{
	kfree(dev);
	complete(&kshm_alloc_released);
}

static int kshm_alloc_add(dev_t devt)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int err;

	if (!dev)
		return -ENOMEM;
	device_initialize(dev);
	dev->class = kshm_alloc_class;
	dev->release = kshm_alloc_release;
	dev->devt = devt;
	dev_set_uevent_suppress(dev, true);
	err = dev_set_name(dev, "kshm-alloc");
	if (!err)
		err = device_add(dev);
	if (err) {
		put_device(dev);
		wait_for_completion(&kshm_alloc_released);
		return err;
	}
	kshm_alloc_dev = dev;
	return 0;
}

/**
 * kshm_alloc_init() - make the device
 * @devt: its number
 *
 * The event for udev is sent by kshm_alloc_enable().
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_alloc_init(dev_t devt)
{
	int err;

	if (atomic64_read(&kshm_alloc_limit) < 0)
		atomic64_set(&kshm_alloc_limit,
			     (u64)totalram_pages() << PAGE_SHIFT >> 1);
	kshm_alloc_class = class_create("kshm-alloc");
	if (IS_ERR(kshm_alloc_class))
		return PTR_ERR(kshm_alloc_class);
	kshm_alloc_class->dev_groups = kshm_alloc_groups;
	err = kshm_alloc_add(devt);
	if (err)
		class_destroy(kshm_alloc_class);
	return err;
}

/**
 * kshm_alloc_enable() - tell udev; programs can open the device
 *
 * Context: process, at load.
 */
void kshm_alloc_enable(void)
{
	dev_set_uevent_suppress(kshm_alloc_dev, false);
	kobject_uevent(&kshm_alloc_dev->kobj, KOBJ_ADD);
}

/**
 * kshm_alloc_exit() - remove the device
 *
 * Context: process, at unload or when loading failed; nothing is open.
 */
void kshm_alloc_exit(void)
{
	device_unregister(kshm_alloc_dev);
	wait_for_completion(&kshm_alloc_released);
	class_destroy(kshm_alloc_class);
}
