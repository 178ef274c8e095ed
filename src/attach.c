// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device that a buffer is attached to: the buffer is mapped for it as one
 * range by the DMA API, through its IOMMU if there is one. The mapping lives as
 * long as the memory of the buffer, because programs may drive the device until
 * then, but ends before the device or its DMA configuration goes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/iommu.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/pfn.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <uapi/linux/kshm.h>

#include "attach.h"
#include "compat/driver.h"
#include "mm/memory.h"

/* Caches are maintained in steps, to reschedule between. */
#define KSHM_SYNC_STEP		((u64)SZ_16M)

/*
 * Taken for writing to make and to end a mapping, for reading to use one. Inside
 * of the lock of the device, where that is taken.
 */
static DECLARE_RWSEM(kshm_attach_sem);
static LIST_HEAD(kshm_attachments);	/* guarded by kshm_attach_sem */

/**
 * kshm_attach_find() - find the device that a buffer is to be attached to
 * @name: BUS/NAME
 *
 * Context: process, may sleep.
 * Return: the device with a reference for the caller; NULL when there is none.
 */
struct device *kshm_attach_find(const char *name)
{
	if (IS_ENABLED(CONFIG_PCI) && !strncmp(name, "pci/", 4))
		return bus_find_device_by_name(&pci_bus_type, NULL, name + 4);
	if (!strncmp(name, "platform/", 9))
		return bus_find_device_by_name(&platform_bus_type, NULL,
					       name + 9);
	return NULL;
}

static int kshm_is_device(struct device *dev, const void *data)
{
	return dev == data;
}

/* Whether the device is still on its bus, so that its removal will be notified. */
static bool kshm_device_is_there(struct device *dev)
{
	struct device *found;

	if (dev_is_pci(dev))
		found = bus_find_device(&pci_bus_type, NULL, dev,
					kshm_is_device);
	else
		found = bus_find_device(&platform_bus_type, NULL, dev,
					kshm_is_device);
	put_device(found);
	return found;
}

static bool kshm_is_translated(const struct iommu_domain *domain)
{
	return domain && domain->type & __IOMMU_DOMAIN_DMA_API;
}

/*
 * The device tree names an IOMMU for this device that the kernel does not use yet:
 * before 6.15 it looks for it when a driver is bound.
 */
static bool kshm_iommu_is_pending(struct device *dev)
{
	const struct device *bridge;

	if (dev->driver || device_iommu_mapped(dev))
		return false;
	if (!dev_is_pci(dev))
		return of_find_property(dev->of_node, "iommus", NULL);
	for (bridge = dev->parent; bridge; bridge = bridge->parent) {
		if (of_find_property(bridge->of_node, "iommu-map", NULL))
			return true;
	}
	return false;
}

/*
 * Nobody has set the mask of a device without a driver; for PCI it is 32 bits
 * then. So there the request may say more.
 */
static u64 kshm_dma_mask(struct device *dev, const struct kshm_mem_spec *spec)
{
	u64 mask = dma_get_mask(dev);

	if (!spec->addr_bits)
		return mask;
	if (dev->driver)
		return min(mask, DMA_BIT_MASK(spec->addr_bits));
	return DMA_BIT_MASK(spec->addr_bits);
}

static u64 kshm_dma_limit(struct device *dev, const struct kshm_mem_spec *spec)
{
	return min_not_zero(kshm_dma_mask(dev, spec), dev->bus_dma_limit);
}

/**
 * kshm_attach_narrow() - ask for memory that a device reaches
 * @dev:  the device
 * @spec: the memory of the buffer; narrowed where no IOMMU translates. Where one
 *	  does, addr_bits is for the addresses of the device, not for the memory.
 *
 * Context: process, may sleep.
 */
void kshm_attach_narrow(struct device *dev, struct kshm_mem_spec *spec)
{
	u64 limit;

	if (spec->has_phys || spec->reserve_mem[0])
		return;
	if (kshm_is_translated(iommu_get_domain_for_dev(dev))) {
		spec->addr_bits = 0;
		return;
	}
	limit = kshm_dma_limit(dev, spec);
	if (limit < U64_MAX)
		spec->addr_max = min_not_zero(spec->addr_max, limit);
}

static int kshm_attach_refuse(struct device *dev, int err, const char *why)
{
	pr_err("%s/%s: %s\n", dev->bus->name, dev_name(dev), why);
	return err;
}

static dma_addr_t kshm_dma_map(struct device *dev, phys_addr_t phys, u64 size,
			       bool resource)
{
	unsigned long pfn = PHYS_PFN(phys);

	if (!resource)
		return dma_map_page(dev, pfn_to_page(pfn), 0, size,
				    DMA_BIDIRECTIONAL);
	/* The linear map has no such memory, and some of it has struct pages. */
	if (pfn_valid(pfn))
		return dma_map_page_attrs(dev, pfn_to_page(pfn), 0, size,
					  DMA_BIDIRECTIONAL,
					  DMA_ATTR_SKIP_CPU_SYNC);
	return dma_map_resource(dev, phys, size, DMA_BIDIRECTIONAL,
				DMA_ATTR_SKIP_CPU_SYNC);
}

static void kshm_dma_unmap(struct device *dev, dma_addr_t addr,
			   phys_addr_t phys, u64 size, bool resource)
{
	if (!resource)
		dma_unmap_page(dev, addr, size, DMA_BIDIRECTIONAL);
	else if (pfn_valid(PHYS_PFN(phys)))
		dma_unmap_page_attrs(dev, addr, size, DMA_BIDIRECTIONAL,
				     DMA_ATTR_SKIP_CPU_SYNC);
	else
		dma_unmap_resource(dev, addr, size, DMA_BIDIRECTIONAL,
				   DMA_ATTR_SKIP_CPU_SYNC);
}

/* Whether the device sees @size bytes at @addr that are the memory at @phys. */
static bool kshm_dma_is_memory(struct device *dev, dma_addr_t addr,
			       phys_addr_t phys, u64 size)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (!kshm_is_translated(domain))
		return addr == phys_to_dma(dev, phys);
	return iommu_iova_to_phys(domain, addr) == phys &&
	       iommu_iova_to_phys(domain, addr + size - 1) == phys + size - 1;
}

/*
 * Without an IOMMU the kernel would copy what the device cannot reach, and with
 * swiotlb=force everything (bounce buffers). It would also warn if that is not
 * possible. So look at the range, and then at the mapping of one page.
 */
static int kshm_attach_check_direct(struct device *dev,
				    const struct kshm_memory *mem, u64 limit,
				    bool resource)
{
	dma_addr_t addr = phys_to_dma(dev, mem->phys);
	bool bounces;

	if (addr > limit || mem->size - 1 > limit - addr)
		return kshm_attach_refuse(dev, -EOPNOTSUPP,
					  "the device does not reach the memory");
	addr = kshm_dma_map(dev, mem->phys, PAGE_SIZE, resource);
	if (dma_mapping_error(dev, addr))
		return kshm_attach_refuse(dev, -EIO, "cannot be mapped");
	bounces = !kshm_dma_is_memory(dev, addr, mem->phys, PAGE_SIZE);
	kshm_dma_unmap(dev, addr, mem->phys, PAGE_SIZE, resource);
	if (bounces)
		return kshm_attach_refuse(dev, -EOPNOTSUPP,
					  "the kernel uses bounce buffers (swiotlb) for this device");
	return 0;
}

/* The mask of the device, its driver and its IOMMU domain do not change here. */
static int kshm_attach_map(struct kshm_attachment *att, struct device *dev,
			   const struct kshm_memory *mem, u64 limit)
{
	bool translated = kshm_is_translated(iommu_get_domain_for_dev(dev));
	bool resource = mem->ops->map;
	dma_addr_t addr;
	int err;

	if (!translated) {
		err = kshm_attach_check_direct(dev, mem, limit, resource);
		if (err)
			return err;
	}
	addr = kshm_dma_map(dev, mem->phys, mem->size, resource);
	if (dma_mapping_error(dev, addr))
		return kshm_attach_refuse(dev, -EIO, "cannot be mapped");
	if (!kshm_dma_is_memory(dev, addr, mem->phys, mem->size) ||
	    addr > limit || mem->size - 1 > limit - addr) {
		kshm_dma_unmap(dev, addr, mem->phys, mem->size, resource);
		return kshm_attach_refuse(dev, -EOPNOTSUPP,
					  "not mapped as one range that the device reaches");
	}
	att->mem = mem;
	att->dma_addr = addr;
	att->resource = resource;
	att->translated = translated;
	return 0;
}

/* Whether the DMA API may be used for this device and memory at all. */
static int kshm_attach_check(struct device *dev, const struct kshm_memory *mem)
{
	const struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (!kshm_device_is_there(dev))
		return -ENODEV;
	if (kshm_driver_manages_dma(dev) ||
	    (domain && domain->type != IOMMU_DOMAIN_IDENTITY &&
	     !kshm_is_translated(domain)))
		return kshm_attach_refuse(dev, -EBUSY,
					  "a driver such as vfio-pci manages its DMA");
	if (!dev->dma_mask || !*dev->dma_mask)
		return kshm_attach_refuse(dev, -EIO, "does no DMA");
	if (kshm_iommu_is_pending(dev))
		return kshm_attach_refuse(dev, -EOPNOTSUPP,
					  "its IOMMU is not set up yet; bind a driver to the device first");
	/* The kernel could not clean caches that it has no linear map for. */
	if (mem->ops->map && mem->cache == KSHM_CACHE_WB &&
	    !dev_is_dma_coherent(dev))
		return kshm_attach_refuse(dev, -EOPNOTSUPP,
					  "does not snoop the caches; use another cache mode");
	return 0;
}

/* The device is locked, and kshm_attach_sem is held for writing. */
static int kshm_attach_device(struct kshm_attachment *att, struct device *dev,
			      const struct kshm_mem_spec *spec,
			      const struct kshm_memory *mem)
{
	u64 limit, mask, old;
	int err;

	err = kshm_attach_check(dev, mem);
	if (err)
		return err;
	limit = kshm_dma_limit(dev, spec);
	mask = kshm_dma_mask(dev, spec);
	old = *dev->dma_mask;
	if (!dev->driver && mask != old && dma_set_mask(dev, mask))
		return kshm_attach_refuse(dev, -EIO, "does not accept addr_bits");
	err = kshm_attach_map(att, dev, mem, limit);
	*dev->dma_mask = old;
	if (err)
		return err;
	list_add(&att->node, &kshm_attachments);
	att->dev = get_device(dev);
	return 0;
}

/**
 * kshm_attach_locked() - map a buffer for a device
 * @att:  result; zeroed
 * @dev:  the device
 * @spec: what was asked for
 * @mem:  the memory, which stays until kshm_detach()
 *
 * A line in the log says why the device is refused.
 *
 * Context: process, may sleep; holds the lock of the device, so that nobody binds
 * or unbinds a driver.
 * Return: 0; -ENODEV when the device has gone; -EBUSY when its driver manages DMA
 * itself, or the IOMMU domain is that of a user of VFIO; -EIO when it cannot be
 * mapped; -EOPNOTSUPP when it cannot be mapped as one range that the device
 * reaches without copying, or the kernel has not set up its IOMMU.
 */
int kshm_attach_locked(struct kshm_attachment *att, struct device *dev,
		       const struct kshm_mem_spec *spec,
		       const struct kshm_memory *mem)
{
	int err;

	device_lock_assert(dev);

	down_write(&kshm_attach_sem);
	err = kshm_attach_device(att, dev, spec, mem);
	up_write(&kshm_attach_sem);
	return err;
}

/**
 * kshm_attach() - lock a device and map a buffer for it
 * @att:  result; zeroed
 * @dev:  the device, from kshm_attach_find()
 * @spec: what was asked for
 * @mem:  the memory, which stays until kshm_detach()
 *
 * Context: process, may sleep. A fatal signal ends it.
 * Return: as kshm_attach_locked(), or -EINTR.
 */
int kshm_attach(struct kshm_attachment *att, struct device *dev,
		const struct kshm_mem_spec *spec, const struct kshm_memory *mem)
{
	int err;

	if (device_lock_interruptible(dev))
		return -EINTR;
	err = kshm_attach_locked(att, dev, spec, mem);
	device_unlock(dev);
	return err;
}

/*
 * Whether the mapping is where the DMA API looks for it. Root can give the
 * device's group another default domain, which frees the one with the mapping.
 * While VFIO uses the group by another device, the default domain stays.
 */
static bool kshm_attach_is_mapped(const struct kshm_attachment *att)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(att->dev);

	if (kshm_is_translated(domain))
		return att->translated &&
		       iommu_iova_to_phys(domain, att->dma_addr) ==
		       att->mem->phys;
	if (!domain || domain->type == IOMMU_DOMAIN_IDENTITY)
		return !att->translated;
	return true;
}

/* The caller holds kshm_attach_sem for writing. */
static void kshm_detach_locked(struct kshm_attachment *att)
{
	struct device *dev = att->dev;

	lockdep_assert_held_write(&kshm_attach_sem);

	if (kshm_attach_is_mapped(att))
		kshm_dma_unmap(dev, att->dma_addr, att->mem->phys,
			       att->mem->size, att->resource);
	list_del(&att->node);
	WRITE_ONCE(att->dev, NULL);
	put_device(dev);
}

/**
 * kshm_detach() - end the mapping of a buffer for its device
 * @att: the attachment; nothing happens if it has ended already
 *
 * Context: process, may sleep.
 */
void kshm_detach(struct kshm_attachment *att)
{
	if (!READ_ONCE(att->dev))
		return;
	down_write(&kshm_attach_sem);
	if (att->dev)
		kshm_detach_locked(att);
	up_write(&kshm_attach_sem);
}

static void kshm_detach_device(const struct device *dev)
{
	struct kshm_attachment *att, *next;

	down_write(&kshm_attach_sem);
	list_for_each_entry_safe(att, next, &kshm_attachments, node) {
		if (att->dev == dev)
			kshm_detach_locked(att);
	}
	up_write(&kshm_attach_sem);
}

/**
 * kshm_attach_dma_addr() - the address of a buffer for its device
 * @att:  the attachment
 * @addr: result; unchanged when there is no device
 *
 * Context: process, may sleep.
 * Return: whether there is a device.
 */
bool kshm_attach_dma_addr(const struct kshm_attachment *att, u64 *addr)
{
	bool attached;

	if (!READ_ONCE(att->dev))
		return false;
	down_read(&kshm_attach_sem);
	attached = att->dev && kshm_attach_is_mapped(att);
	if (attached)
		*addr = att->dma_addr;
	up_read(&kshm_attach_sem);
	return attached;
}

/**
 * kshm_attach_print() - print the device of a buffer to a file in sysfs
 * @att: the attachment
 * @buf: the page of the file
 *
 * Context: process, may sleep.
 * Return: number of characters: BUS/NAME and a newline, or only that.
 */
ssize_t kshm_attach_print(const struct kshm_attachment *att, char *buf)
{
	ssize_t len;

	down_read(&kshm_attach_sem);
	if (att->dev && kshm_attach_is_mapped(att))
		len = sysfs_emit(buf, "%s/%s\n", att->dev->bus->name,
				 dev_name(att->dev));
	else
		len = sysfs_emit(buf, "\n");
	up_read(&kshm_attach_sem);
	return len;
}

static void kshm_sync_step(const struct kshm_attachment *att, u64 off,
			   size_t len, bool for_cpu, bool writable)
{
	/*
	 * What others have stored would be lost with the cache lines. Who may not
	 * write gets it written back first, as may happen at any time.
	 */
	if (!for_cpu || !writable)
		dma_sync_single_for_device(att->dev, att->dma_addr + off, len,
					   DMA_BIDIRECTIONAL);
	if (for_cpu)
		dma_sync_single_for_cpu(att->dev, att->dma_addr + off, len,
					DMA_BIDIRECTIONAL);
}

/**
 * kshm_attach_sync() - make caches and memory agree for the device
 * @att:      the attachment; without a device there is nothing to do
 * @off:      first byte
 * @len:      number of bytes, within the buffer
 * @for_cpu:  the processor is next to use it, not the device
 * @writable: the caller may change the buffer
 *
 * Context: process, may sleep. A fatal signal ends it.
 * Return: 0 or -EINTR.
 */
int kshm_attach_sync(const struct kshm_attachment *att, u64 off, u64 len,
		     bool for_cpu, bool writable)
{
	int err = 0;

	if (!READ_ONCE(att->dev))
		return 0;
	down_read(&kshm_attach_sem);
	if (!att->dev || att->resource || !kshm_attach_is_mapped(att))
		len = 0;
	while (len) {
		size_t step = min(len, KSHM_SYNC_STEP);

		if (fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
		kshm_sync_step(att, off, step, for_cpu, writable);
		off += step;
		len -= step;
		cond_resched();
	}
	up_read(&kshm_attach_sem);
	return err;
}

/*
 * Binding or unbinding a driver may change the mask, the operations and the
 * IOMMU domain of a device; both are told before that. A removal is told twice:
 * before the device leaves its bus, and after, but then before the IOMMU driver
 * lets go of it. In between it may have been attached again.
 */
static int kshm_attach_notify(struct notifier_block *nb, unsigned long action,
			      void *dev)
{
	switch (action) {
	case BUS_NOTIFY_BIND_DRIVER:
	case BUS_NOTIFY_UNBIND_DRIVER:
	case BUS_NOTIFY_DEL_DEVICE:
	case BUS_NOTIFY_REMOVED_DEVICE:
		kshm_detach_device(dev);
	}
	return NOTIFY_DONE;
}

/* Above all others, so before the IOMMU's. */
static struct notifier_block kshm_pci_nb = {
	.notifier_call = kshm_attach_notify,
	.priority = INT_MAX,
};

static struct notifier_block kshm_platform_nb = {
	.notifier_call = kshm_attach_notify,
	.priority = INT_MAX,
};

/**
 * kshm_attach_init() - be told when devices go
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_attach_init(void)
{
	int err;

	err = bus_register_notifier(&platform_bus_type, &kshm_platform_nb);
	if (err || !IS_ENABLED(CONFIG_PCI))
		return err;
	err = bus_register_notifier(&pci_bus_type, &kshm_pci_nb);
	if (err)
		bus_unregister_notifier(&platform_bus_type, &kshm_platform_nb);
	return err;
}

/**
 * kshm_attach_exit() - undo kshm_attach_init()
 *
 * Context: process, at unload; no buffer is left.
 */
void kshm_attach_exit(void)
{
	if (IS_ENABLED(CONFIG_PCI))
		bus_unregister_notifier(&pci_bus_type, &kshm_pci_nb);
	bus_unregister_notifier(&platform_bus_type, &kshm_platform_nb);
}
