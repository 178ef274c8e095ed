/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a driver gives its device to others instead of using the DMA API. */
#ifndef KSHM_COMPAT_DRIVER_H
#define KSHM_COMPAT_DRIVER_H

#include <linux/device.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#if defined(KSHM_HAVE_VM_FLAGS_SET) && !defined(KSHM_HAVE_DRIVER_MANAGED_DMA)
#error "DRIVER_MANAGED_DMA in Kbuild looks for a name that this kernel lacks"
#endif

/**
 * kshm_driver_manages_dma() - whether the driver of a device manages its DMA
 * @dev: a device of the bus pci or platform, locked
 *
 * Such a driver, for instance vfio-pci, may let its user change the IOMMU domain
 * at any time. Drivers say it since 5.18; before, VFIO's are known by name.
 *
 * Context: any.
 * Return: true if so; false without a driver.
 */
static inline bool kshm_driver_manages_dma(const struct device *dev)
{
	if (!dev->driver)
		return false;
#ifdef KSHM_HAVE_DRIVER_MANAGED_DMA
	if (dev_is_pci(dev))
		return to_pci_driver(dev->driver)->driver_managed_dma;
	return to_platform_driver(dev->driver)->driver_managed_dma;
#else
	return !strncmp(dev->driver->name, "vfio", 4);
#endif
}

#endif /* KSHM_COMPAT_DRIVER_H */
