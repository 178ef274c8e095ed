// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices kshmN: numbers, class, nodes.
 */
#include <linux/atomic.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/kobject.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>
#include <linux/xarray.h>

#include "alloc.h"
#include "buffer.h"
#include "compat/compat.h"
#include "device.h"
#include "dump.h"
#include "file.h"
#include "spec.h"
#include "trace.h"

static struct class *kshm_class;
static dev_t kshm_devt;

/*
 * One cdev for all minor numbers, not one in each device: it is added last at
 * load. If loading failed after a program could open a device, the module would
 * be freed beneath the program.
 */
static struct cdev *kshm_cdev;

/*
 * Minor number -> device. While a device is being removed its entry is NULL:
 * that reserves the number and stops opens.
 */
static DEFINE_XARRAY_ALLOC(kshm_minors);

/* Guards kshm_minors, and a new buffer's name until the buffer is in there. */
static DEFINE_MUTEX(kshm_minors_lock);

/* Devices that are not released; the module must not be freed before them. */
static atomic_t kshm_nr_devices = ATOMIC_INIT(0);

static void kshm_device_release(struct device *dev)
{
	kfree(to_kshm_device(dev));
	atomic_dec(&kshm_nr_devices);
	wake_up_var(&kshm_nr_devices);
}

static struct kshm_device *kshm_device_by_name(const char *name)
{
	struct kshm_device *kdev;
	unsigned long minor;

	lockdep_assert_held(&kshm_minors_lock);

	xa_for_each(&kshm_minors, minor, kdev) {
		if (!strcmp(kdev->buf->name, name))
			return kdev;
	}
	return NULL;
}

/* Returns the minor number, or an errno. */
static int kshm_minor_alloc(struct kshm_device *kdev)
{
	struct kshm_buffer *buf = kdev->buf;
	u32 minor;
	int err;

	mutex_lock(&kshm_minors_lock);
	err = -EEXIST;
	if (kshm_device_by_name(buf->name))
		goto out;
	err = xa_alloc(&kshm_minors, &minor, NULL,
		       XA_LIMIT(0, KSHM_MAX_DEVICES - 1), GFP_KERNEL);
	if (err) {
		err = err == -EBUSY ? -ENOSPC : err;
		goto out;
	}
	if (!buf->name[0])
		snprintf(buf->name, sizeof(buf->name), "kshm%u", minor);
	/* Cannot fail: the entry is reserved. */
	xa_store(&kshm_minors, minor, kdev, GFP_KERNEL);
	err = minor;
out:
	mutex_unlock(&kshm_minors_lock);
	return err;
}

/* Stops new opens; the number stays reserved. */
static void kshm_minor_retire(unsigned int minor)
{
	mutex_lock(&kshm_minors_lock);
	xa_store(&kshm_minors, minor, NULL, GFP_KERNEL);
	mutex_unlock(&kshm_minors_lock);
}

/**
 * kshm_device_find_buffer() - the live buffer with a name
 * @name: the name
 *
 * Context: process, may sleep.
 * Return: the buffer with a reference for the caller; NULL when there is none.
 */
struct kshm_buffer *kshm_device_find_buffer(const char *name)
{
	struct kshm_buffer *buf = NULL;
	struct kshm_device *kdev;

	mutex_lock(&kshm_minors_lock);
	kdev = kshm_device_by_name(name);
	if (kdev) {
		buf = kdev->buf;
		kshm_buffer_get(buf);
	}
	mutex_unlock(&kshm_minors_lock);
	return buf;
}

/**
 * kshm_device_get_buffer() - the buffer of a live device
 * @minor: the device's minor number
 *
 * Context: process, may sleep.
 * Return: the buffer with a reference for the caller; NULL when there is no such
 * device.
 */
struct kshm_buffer *kshm_device_get_buffer(unsigned int minor)
{
	struct kshm_buffer *buf = NULL;
	struct kshm_device *kdev;

	mutex_lock(&kshm_minors_lock);
	kdev = xa_load(&kshm_minors, minor);
	if (kdev) {
		buf = kdev->buf;
		kshm_buffer_get(buf);
	}
	mutex_unlock(&kshm_minors_lock);
	return buf;
}

/**
 * kshm_device_add() - make a buffer live
 * @buf: the buffer; gets the device's name if it has none
 * @source: who removes it again
 *
 * Afterwards the device holds a reference of its own. The event for udev is sent
 * when programs can open the device: before kshm_devices_enable() it waits.
 *
 * Context: process, may sleep.
 * Return: the device, with the lowest free number; -EEXIST when another live
 * buffer has this name; -ENOSPC when there are KSHM_MAX_DEVICES already;
 * -ENOMEM.
 */
struct kshm_device *kshm_device_add(struct kshm_buffer *buf,
				    enum kshm_source source)
{
	struct kshm_device *kdev;
	int minor, err;

	kdev = kzalloc(sizeof(*kdev), GFP_KERNEL);
	if (!kdev)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&kshm_nr_devices);
	device_initialize(&kdev->dev);
	kdev->dev.class = kshm_class;
	kdev->dev.release = kshm_device_release;
	dev_set_uevent_suppress(&kdev->dev, !kshm_cdev);
	kshm_buffer_get(buf);
	kdev->buf = buf;
	kdev->source = source;

	minor = kshm_minor_alloc(kdev);
	if (minor < 0) {
		err = minor;
		goto err_put;
	}
	kdev->dev.devt = MKDEV(MAJOR(kshm_devt), minor);
	err = dev_set_name(&kdev->dev, "kshm%d", minor);
	if (err)
		goto err_retire;
	err = device_add(&kdev->dev);
	if (err)
		goto err_retire;
	kshm_doorbell_set_sysfs(&buf->bell,
				sysfs_get_dirent(kdev->dev.kobj.sd, "events"));
	trace_kshm_device_add(kdev);
	return kdev;

err_retire:
	kshm_minor_retire(minor);
	xa_erase(&kshm_minors, minor);
err_put:
	put_device(&kdev->dev);
	kshm_buffer_put(buf);
	return ERR_PTR(err);
}

/**
 * kshm_device_create() - make a buffer and its device
 * @spec: what is wanted; valid
 * @source: who removes it again
 *
 * Context: process, may sleep for some seconds. A fatal signal ends it.
 * Return: the device, or an errno of kshm_buffer_create() or kshm_device_add().
 */
struct kshm_device *kshm_device_create(const struct kshm_spec *spec,
				       enum kshm_source source)
{
	struct kshm_device *kdev;
	struct kshm_buffer *buf;

	/* To refuse a name before memory is allocated; it is checked again. */
	buf = kshm_device_find_buffer(spec->name);
	if (buf) {
		kshm_buffer_put(buf);
		return ERR_PTR(-EEXIST);
	}
	buf = kshm_buffer_create(spec, NULL);
	if (IS_ERR(buf))
		return ERR_CAST(buf);
	kdev = kshm_device_add(buf, source);
	kshm_buffer_put(buf);
	return kdev;
}

/**
 * kshm_device_remove() - remove a device
 * @kdev: the device
 *
 * New opens fail with ENODEV. Programs that have the device open or mapped keep
 * the buffer. On return nobody reads a sysfs file of the device.
 *
 * Context: process, may sleep.
 */
void kshm_device_remove(struct kshm_device *kdev)
{
	unsigned int minor = MINOR(kdev->dev.devt);
	struct kshm_buffer *buf = kdev->buf;

	trace_kshm_device_remove(kdev);
	kshm_minor_retire(minor);
	kshm_doorbell_set_sysfs(&buf->bell, NULL);
	device_del(&kdev->dev);
	xa_erase(&kshm_minors, minor);
	put_device(&kdev->dev);
	kshm_buffer_put(buf);
}

/**
 * kshm_devices_init() - get numbers and a class, and make kshm-alloc
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_devices_init(void)
{
	int err;

	err = alloc_chrdev_region(&kshm_devt, 0, KSHM_MINORS, "kshm");
	if (err)
		return err;

	kshm_class = class_create("kshm");
	if (IS_ERR(kshm_class)) {
		err = PTR_ERR(kshm_class);
		goto err_region;
	}
	kshm_class->dev_groups = kshm_device_groups;
	err = kshm_alloc_init(MKDEV(MAJOR(kshm_devt), KSHM_ALLOC_MINOR));
	if (err)
		goto err_class;
	return 0;

err_class:
	class_destroy(kshm_class);
err_region:
	unregister_chrdev_region(kshm_devt, KSHM_MINORS);
	return err;
}

/**
 * kshm_devices_enable() - let programs open devices, and tell udev
 *
 * Context: process, at load; nobody else adds or removes devices.
 * Return: 0 or an errno.
 */
int kshm_devices_enable(void)
{
	struct cdev *cdev = cdev_alloc();
	struct kshm_device *kdev;
	unsigned long minor;
	int err;

	if (!cdev)
		return -ENOMEM;
	cdev->ops = &kshm_fops;
	cdev->owner = THIS_MODULE;
	err = cdev_add(cdev, kshm_devt, KSHM_MINORS);
	if (err) {
		cdev_del(cdev);
		return err;
	}
	kshm_cdev = cdev;

	xa_for_each(&kshm_minors, minor, kdev) {
		dev_set_uevent_suppress(&kdev->dev, false);
		kobject_uevent(&kdev->dev.kobj, KOBJ_ADD);
	}
	kshm_alloc_enable();
	return 0;
}

/**
 * kshm_devices_dump() - log the first bytes of each live buffer
 * @bytes: how many of each; 0: nothing
 *
 * Context: process, may sleep.
 */
void kshm_devices_dump(unsigned int bytes)
{
	struct kshm_device *kdev;
	unsigned long minor;

	mutex_lock(&kshm_minors_lock);
	xa_for_each(&kshm_minors, minor, kdev)
		kshm_dump(minor, &kdev->buf->mem, bytes);
	mutex_unlock(&kshm_minors_lock);
}

/**
 * kshm_devices_exit() - remove all devices
 *
 * Context: process, at unload or when loading failed; nothing is open.
 */
void kshm_devices_exit(void)
{
	struct kshm_device *kdev;
	unsigned long minor;

	if (kshm_cdev)
		cdev_del(kshm_cdev);

	/* No lock: nobody else can get here any more. */
	xa_for_each(&kshm_minors, minor, kdev)
		kshm_device_remove(kdev);
	xa_destroy(&kshm_minors);
	/* Their release may be late, and it is code of this module. */
	wait_var_event(&kshm_nr_devices, !atomic_read(&kshm_nr_devices));
	kshm_alloc_exit();
	class_destroy(kshm_class);
	unregister_chrdev_region(kshm_devt, KSHM_MINORS);
}
