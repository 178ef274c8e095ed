// SPDX-License-Identifier: GPL-2.0-only
/*
 * What other kernel modules may call; linux/kshm.h declares it.
 *
 * A client holds each buffer that it has made or found, and kshm itself, until
 * it gives the buffer back. So kshm cannot be unloaded beneath it, and a client
 * that forgets a buffer keeps kshm loaded, but breaks nothing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/export.h>
#include <linux/kshm.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/pfn.h>
#include <linux/string.h>

#include "buffer.h"
#include "device.h"
#include "doorbell.h"
#include "spec.h"

/**
 * kshm_create() - make a buffer and its device
 * @spec: one entry of the module parameter buffers=, see kshm(4):
 *	  [NAME:]SIZE[@PHYS][/KEY=VALUE...], such as "frames:64M/addr_bits=32"
 *
 * Programs can use the buffer when this returns, and udev is told. The caller
 * takes it away by kshm_destroy().
 *
 * Context: process, may sleep for some seconds. A fatal signal ends it.
 * Return: the buffer, zeroed; or an errno as ERR_PTR(): -EINVAL for a malformed
 * entry, which the log explains; -EEXIST when another live buffer has this name;
 * -ENOSPC when there are 1,024 devices; -ENOMEM when there is no such memory,
 * with a line in the log that tells which size would succeed; -EBUSY, -EINVAL,
 * -EPERM, -ENOENT, -EIO, -EOPNOTSUPP for a carveout, a reservation or a cache
 * mode that cannot be had, as for configfs; -EINTR.
 */
struct kshm_buffer *kshm_create(const char *spec)
{
	struct kshm_device *kdev;
	struct kshm_buffer *buf;
	struct kshm_spec parsed;
	const char *why;
	int err;

	err = kshm_spec_parse(&parsed, spec, strlen(spec), &why);
	if (err) {
		pr_err("%s(\"%*pE\"): %s\n", __func__,
		       (int)min_t(size_t, strlen(spec), 64), spec, why);
		return ERR_PTR(err);
	}
	kdev = kshm_device_create(&parsed, KSHM_SOURCE_MODULE);
	if (IS_ERR(kdev))
		return ERR_CAST(kdev);

	__module_get(THIS_MODULE);
	buf = kdev->buf;
	kshm_buffer_get(buf);
	buf->kdev = kdev;
	return buf;
}
EXPORT_SYMBOL_GPL(kshm_create);

/**
 * kshm_destroy() - take away a buffer that kshm_create() has made
 * @buf: the buffer; no notifier of the caller is registered
 *
 * The device goes: new opens fail with ENODEV. Programs that have it open or
 * mapped go on, and so do other modules that have found it; the memory is freed
 * with the last of them.
 *
 * Context: process, may sleep.
 */
void kshm_destroy(struct kshm_buffer *buf)
{
	kshm_device_remove(buf->kdev);
	kshm_put(buf);
}
EXPORT_SYMBOL_GPL(kshm_destroy);

/**
 * kshm_find() - find a live buffer
 * @name: its name; that of its device if it was made without one
 *
 * Whoever has made the buffer may take its device away at any time; the caller
 * keeps the memory until kshm_put().
 *
 * Context: process, may sleep.
 * Return: the buffer, or NULL when there is none of this name.
 */
struct kshm_buffer *kshm_find(const char *name)
{
	struct kshm_buffer *buf = kshm_device_find_buffer(name);

	if (buf)
		__module_get(THIS_MODULE);
	return buf;
}
EXPORT_SYMBOL_GPL(kshm_find);

/**
 * kshm_put() - give back a buffer that kshm_find() has found
 * @buf: the buffer; no notifier of the caller is registered
 *
 * Context: process, may sleep.
 */
void kshm_put(struct kshm_buffer *buf)
{
	kshm_buffer_put(buf);
	module_put(THIS_MODULE);
}
EXPORT_SYMBOL_GPL(kshm_put);

/**
 * kshm_name() - the name of a buffer
 * @buf: the buffer
 *
 * Context: any.
 * Return: the name, valid as long as the caller holds the buffer.
 */
const char *kshm_name(const struct kshm_buffer *buf)
{
	return buf->name;
}
EXPORT_SYMBOL_GPL(kshm_name);

/**
 * kshm_size() - the size of a buffer
 * @buf: the buffer
 *
 * Context: any.
 * Return: bytes, a multiple of PAGE_SIZE.
 */
u64 kshm_size(const struct kshm_buffer *buf)
{
	return buf->mem.size;
}
EXPORT_SYMBOL_GPL(kshm_size);

/**
 * kshm_vaddr() - the kernel address of a buffer
 * @buf: the buffer
 *
 * All of the buffer can be used from there, with the cache mode of the buffer.
 * Programs may write to it at any moment: read a value once, and check the copy.
 *
 * Context: any.
 * Return: the address of the first byte, valid as long as the caller holds the
 * buffer.
 */
void *kshm_vaddr(const struct kshm_buffer *buf)
{
	return buf->mem.vaddr;
}
EXPORT_SYMBOL_GPL(kshm_vaddr);

/**
 * kshm_phys_addr() - the physical address of a buffer
 * @buf: the buffer
 *
 * For the processor; a device behind an IOMMU uses another one.
 *
 * Context: any.
 * Return: the address of the first byte.
 */
phys_addr_t kshm_phys_addr(const struct kshm_buffer *buf)
{
	return buf->mem.phys;
}
EXPORT_SYMBOL_GPL(kshm_phys_addr);

/**
 * kshm_page() - a page of a buffer
 * @buf:   the buffer
 * @index: number of the page, below kshm_size() / PAGE_SIZE
 *
 * A caller that needs the page for longer than it holds the buffer takes a
 * reference to the page.
 *
 * Context: any.
 * Return: the page; NULL outside of the buffer, and for a carveout, which has no
 * struct pages.
 */
struct page *kshm_page(const struct kshm_buffer *buf, pgoff_t index)
{
	if (buf->mem.ops->map || index >= buf->mem.size >> PAGE_SHIFT)
		return NULL;
	return pfn_to_page(PHYS_PFN(buf->mem.phys) + index);
}
EXPORT_SYMBOL_GPL(kshm_page);

/**
 * kshm_notify() - ring the doorbell of a buffer
 * @buf: the buffer
 *
 * Wakes pollers and eventfds of all open files, and pollers of events in sysfs.
 * It does not call notifiers. What the caller has written to the buffer before
 * is visible to those who fetch the count.
 *
 * Context: any but NMI; also from a notifier.
 */
void kshm_notify(struct kshm_buffer *buf)
{
	kshm_doorbell_ring(&buf->bell, NULL);
}
EXPORT_SYMBOL_GPL(kshm_notify);

/**
 * kshm_register_notifier() - be called when a program rings the doorbell
 * @buf: the buffer
 * @nb:  called with 0 and the buffer for each KSHM_IOC_NOTIFY, in the context of
 *	 the program that rings, as an RCU reader: it must not sleep, and leaves
 *	 what takes long to a work item
 *
 * What the program has written to the buffer before is visible to @nb.
 *
 * Context: any but NMI.
 * Return: 0; -EEXIST when it is registered already (since Linux 5.18).
 */
int kshm_register_notifier(struct kshm_buffer *buf, struct notifier_block *nb)
{
	return atomic_notifier_chain_register(&buf->bell.notifiers, nb);
}
EXPORT_SYMBOL_GPL(kshm_register_notifier);

/**
 * kshm_unregister_notifier() - be called no more
 * @buf: the buffer
 * @nb:  what was registered
 *
 * On return @nb is not running.
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT when it is not registered.
 */
int kshm_unregister_notifier(struct kshm_buffer *buf,
			     struct notifier_block *nb)
{
	return atomic_notifier_chain_unregister(&buf->bell.notifiers, nb);
}
EXPORT_SYMBOL_GPL(kshm_unregister_notifier);
