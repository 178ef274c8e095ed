/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a device can use a buffer, and by which address. */
#ifndef KSHMCTL_REACH_H
#define KSHMCTL_REACH_H

#include "buffer.h"

enum reach {
	REACH_NO_DEVICE,
	REACH_UNKNOWN,		/* the user may not read the address */
	REACH_DMA_ADDR,		/* the buffer is attached to it */
	REACH_PHYS_ADDR,	/* nothing translates its addresses */
	REACH_VFIO,		/* its program decides, by VFIO */
	REACH_TRANSLATED,	/* an IOMMU translates, and it is not attached */
	REACH_NO_DRIVER,	/* its IOMMU is set up when a driver is bound */
	REACH_TOO_FEW_BITS,	/* the buffer is above what it can address */
};

/*
 * How @device, BUS/NAME, reaches a buffer. @bits gets the number of its address
 * bits if that is known, or 64.
 */
enum reach device_reach(const char *device, const struct buffer *buf, unsigned int *bits);

#endif /* KSHMCTL_REACH_H */
