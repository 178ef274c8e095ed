// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices kshmN: numbers, class, nodes. Knows nothing of how memory is
 * allocated.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "compat.h"
#include "kshm.h"

static struct class *kshm_class;
static dev_t kshm_first;
static struct cdev *kshm_cdev;

/*
 * Minor number -> buffer. The entry of a live device holds a reference to its
 * buffer. While a device is being taken away its entry is NULL, which keeps
 * the number busy and stops opens.
 */
static DEFINE_XARRAY_ALLOC(kshm_minors);

/* Guards kshm_minors, and a new buffer's name until the buffer is in there. */
static DEFINE_MUTEX(kshm_minors_lock);

static bool kshm_name_is_taken(const char *name)
{
	struct kshm_buffer *buf;
	unsigned long minor;

	lockdep_assert_held(&kshm_minors_lock);

	xa_for_each(&kshm_minors, minor, buf) {
		if (!strcmp(buf->name, name))
			return true;
	}
	return false;
}

/* Returns the minor number, or an errno. On success takes a reference. */
static int kshm_minor_take(struct kshm_buffer *buf)
{
	u32 minor;
	int err;

	mutex_lock(&kshm_minors_lock);
	err = -EEXIST;
	if (kshm_name_is_taken(buf->name))
		goto out;
	err = xa_alloc(&kshm_minors, &minor, NULL,
		       XA_LIMIT(0, KSHM_MAX_DEVICES - 1), GFP_KERNEL);
	if (err) {
		err = err == -EBUSY ? -ENOSPC : err;
		goto out;
	}
	if (!buf->name[0])
		snprintf(buf->name, sizeof(buf->name), "kshm%u", minor);
	kshm_buffer_get(buf);
	/* Cannot fail: the place is reserved. */
	xa_store(&kshm_minors, minor, buf, GFP_KERNEL);
	err = minor;
out:
	mutex_unlock(&kshm_minors_lock);
	return err;
}

/* Stops new opens. The caller gets the reference that the entry held. */
static struct kshm_buffer *kshm_minor_close(int minor)
{
	struct kshm_buffer *buf;

	mutex_lock(&kshm_minors_lock);
	buf = xa_store(&kshm_minors, minor, NULL, GFP_KERNEL);
	mutex_unlock(&kshm_minors_lock);
	return buf;
}

static void kshm_minor_free(int minor)
{
	xa_erase(&kshm_minors, minor);
}

/**
 * kshm_device_get_buffer() - the buffer of a live device
 * @minor: the device's minor number
 *
 * Context: process, may sleep.
 * Return: the buffer with a reference for the caller, NULL when there is no
 * such device.
 */
struct kshm_buffer *kshm_device_get_buffer(int minor)
{
	struct kshm_buffer *buf;

	mutex_lock(&kshm_minors_lock);
	buf = xa_load(&kshm_minors, minor);
	if (buf)
		kshm_buffer_get(buf);
	mutex_unlock(&kshm_minors_lock);
	return buf;
}

/**
 * kshm_device_add() - make a buffer live
 * @buf: the buffer; gets the device's name if it has none
 *
 * Afterwards the device holds a reference of its own.
 *
 * Context: process, may sleep.
 * Return: the minor number, the lowest free one; -EEXIST when another live
 * buffer has this name, -ENOSPC when there are KSHM_MAX_DEVICES already,
 * -ENOMEM.
 */
int kshm_device_add(struct kshm_buffer *buf)
{
	struct device *dev;
	int minor;

	minor = kshm_minor_take(buf);
	if (minor < 0)
		return minor;

	dev = device_create_with_groups(kshm_class, NULL, kshm_first + minor,
					buf, kshm_device_groups, "kshm%d",
					minor);
	if (IS_ERR(dev)) {
		kshm_buffer_put(kshm_minor_close(minor));
		kshm_minor_free(minor);
		return PTR_ERR(dev);
	}
	return minor;
}

/**
 * kshm_device_remove() - take a device away
 * @minor: what kshm_device_add() returned
 *
 * New opens fail with ENODEV. Whoever has the device open or mapped goes on
 * with the buffer. On return nobody is in a sysfs file of the device.
 *
 * Context: process, may sleep.
 */
void kshm_device_remove(int minor)
{
	struct kshm_buffer *buf = kshm_minor_close(minor);

	device_destroy(kshm_class, kshm_first + minor);
	kshm_minor_free(minor);
	kshm_buffer_put(buf);
}

/**
 * kshm_devices_init() - get numbers and a class
 *
 * Devices can be made from now on, and opened after kshm_devices_open().
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_devices_init(void)
{
	int err;

	err = alloc_chrdev_region(&kshm_first, 0, KSHM_MAX_DEVICES, "kshm");
	if (err)
		return err;

	kshm_class = kshm_class_create("kshm");
	if (IS_ERR(kshm_class)) {
		unregister_chrdev_region(kshm_first, KSHM_MAX_DEVICES);
		return PTR_ERR(kshm_class);
	}
	return 0;
}

/**
 * kshm_devices_open() - let programs open devices
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_devices_open(void)
{
	int err;

	kshm_cdev = cdev_alloc();
	if (!kshm_cdev)
		return -ENOMEM;
	kshm_cdev->ops = &kshm_fops;
	kshm_cdev->owner = THIS_MODULE;
	err = cdev_add(kshm_cdev, kshm_first, KSHM_MAX_DEVICES);
	if (err) {
		cdev_del(kshm_cdev);
		kshm_cdev = NULL;
	}
	return err;
}

/**
 * kshm_devices_exit() - take all devices away
 * @log_bytes: what the user wants to see of each buffer in the log
 *
 * Context: process, at unload or when loading failed; nothing is open.
 */
void kshm_devices_exit(unsigned int log_bytes)
{
	struct kshm_buffer *buf;
	unsigned long minor;

	if (kshm_cdev)
		cdev_del(kshm_cdev);

	/* No lock: nobody else can get here any more. */
	xa_for_each(&kshm_minors, minor, buf) {
		kshm_unload_log(minor, buf, log_bytes);
		kshm_device_remove(minor);
	}
	xa_destroy(&kshm_minors);
	class_destroy(kshm_class);
	unregister_chrdev_region(kshm_first, KSHM_MAX_DEVICES);
}
