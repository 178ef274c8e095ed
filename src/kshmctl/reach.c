// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a device can use a buffer, and by which address, as sysfs shows it.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reach.h"
#include "util.h"

/* The directory of BUS/NAME in sysfs, or NULL when there is no such device. */
static char *device_dir(const char *device)
{
	const char *slash = strchr(device, '/');
	char *dir;

	if (!slash || slash == device || !slash[1] || strchr(slash + 1, '/') || *device == '.' ||
	    slash[1] == '.')
		return NULL;
	dir = xasprintf("/sys/bus/%.*s/devices/%s", (int)(slash - device), device, slash + 1);
	if (!access(dir, F_OK))
		return dir;
	free(dir);
	return NULL;
}

/* The first line of a file of the device; empty if there is none. */
static void read_file(const char *dir, const char *name, char *text, size_t len)
{
	char *path = xasprintf("%s/%s", dir, name);

	file_read(path, text, len);
	free(path);
}

/* The driver that is bound is one of VFIO. */
static bool has_vfio_driver(const char *dir)
{
	char *path = xasprintf("%s/driver", dir), target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *name;

	free(path);
	if (n < 0)
		return false;
	target[n] = '\0';
	name = strrchr(target, '/');
	return !strncmp(name ? name + 1 : target, "vfio-", 5);
}

/* Whether the kernel has a domain that translates for it: DMA or DMA-FQ. */
static bool is_translated(const char *dir)
{
	char type[32];

	read_file(dir, "iommu_group/type", type, sizeof(type));
	return !strncmp(type, "DMA", 3);
}

static bool dir_has(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	bool has = !access(path, F_OK);

	free(path);
	return has;
}

/*
 * Whether the device tree names an IOMMU for the device, of which the kernel knows
 * nothing before a driver is bound: before Linux 6.15 it has no group until then.
 */
static bool needs_driver(const char *dir)
{
	char *path, *slash;
	bool found;

	if (dir_has(dir, "driver") || dir_has(dir, "iommu_group"))
		return false;
	path = realpath(dir, NULL);
	if (!path)
		return false;
	found = dir_has(path, "of_node/iommus");
	/* a PCI device is below its host bridge */
	while (!found && (slash = strrchr(path, '/')) && slash != path) {
		*slash = '\0';
		found = dir_has(path, "of_node/iommu-map");
	}
	free(path);
	return found;
}

static enum reach reach(const char *dir, const struct buffer *buf, unsigned int *bits)
{
	char text[32];
	uint64_t phys;

	if (has_vfio_driver(dir))
		return REACH_VFIO;
	if (is_translated(dir))
		return REACH_TRANSLATED;
	if (needs_driver(dir))
		return REACH_NO_DRIVER;
	if (!parse_size(buf->phys_addr, &phys))
		return REACH_UNKNOWN;
	/* Only PCI devices have this file. */
	read_file(dir, "dma_mask_bits", text, sizeof(text));
	if (*text)
		*bits = strtoul(text, NULL, 10);
	if (*bits < 64 && (phys + buf->size - 1) >> *bits)
		return REACH_TOO_FEW_BITS;
	return REACH_PHYS_ADDR;
}

enum reach device_reach(const char *device, const struct buffer *buf, unsigned int *bits)
{
	char *dir = device_dir(device);
	enum reach result;

	*bits = 64;
	if (!dir)
		return REACH_NO_DEVICE;
	if (!strcmp(buf->attached, device))
		result = *buf->dma_addr ? REACH_DMA_ADDR : REACH_UNKNOWN;
	else
		result = reach(dir, buf, bits);
	free(dir);
	return result;
}
