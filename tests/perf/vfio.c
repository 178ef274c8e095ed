// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio ROUNDS WAY PCI-ADDRESS DEVICE SIZE...: what it costs to give the first
 * bytes of a buffer to a device by VFIO, and to take them back. The PCI device is
 * bound to vfio-pci. WAY is as in the results.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/kshm.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define IOVA	(1UL << 30)	/* fits the largest entry of an IOMMU */

static int group, container;

/* The group of the device is a link, whose name is a number. */
static void open_group(const char *address)
{
	char link[PATH_MAX], target[PATH_MAX], path[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/sys/bus/pci/devices/%s/iommu_group",
		 address);
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0)
		die(link);
	target[len] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%.32s", basename(target));
	group = open(path, O_RDWR);
	if (group < 0)
		die(path);
}

static void open_container(void)
{
	container = open("/dev/vfio/vfio", O_RDWR);
	if (container < 0)
		die("/dev/vfio/vfio");
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container))
		die("VFIO_GROUP_SET_CONTAINER");
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("VFIO_SET_IOMMU");
}

static void *map_buffer(const char *device)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	int fd = open(device, O_RDWR);
	void *map;

	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info))
		die(device);
	/* VFIO finds the pages, and no fault is measured. */
	map = mmap(NULL, info.size, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		die("mmap");
	close(fd);
	return map;
}

static void give(void *map, uint64_t size)
{
	struct vfio_iommu_type1_dma_map arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)map, .iova = IOVA, .size = size,
	};

	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &arg))
		die("VFIO_IOMMU_MAP_DMA");
}

static void take_back(uint64_t size)
{
	struct vfio_iommu_type1_dma_unmap arg = {
		.argsz = sizeof(arg), .iova = IOVA, .size = size,
	};

	if (ioctl(container, VFIO_IOMMU_UNMAP_DMA, &arg))
		die("VFIO_IOMMU_UNMAP_DMA");
}

/* Pages of the IOMMU's page tables. */
static int64_t tables(void)
{
	write_file("/proc/sys/vm/stat_refresh", "1\n");
	return read_number("/proc/vmstat", "nr_iommu_pages ");
}

static void measure(const char *way, void *map, uint64_t size, int rounds)
{
	uint64_t t[4];
	int64_t before;
	int i;

	/* The first one leaves tables of upper levels. */
	for (i = 0; i <= rounds; i++) {
		before = tables();
		t[0] = now();
		give(map, size);
		t[1] = now();
		before = tables() - before;
		t[2] = now();
		take_back(size);
		t[3] = now();
		if (!i)
			continue;
		figure("attach", way, size, t[1] - t[0]);
		figure("detach", way, size, t[3] - t[2]);
		figure("tables", way, size, before);
	}
}

int main(int argc, char **argv)
{
	void *map;
	int i;

	if (argc < 6)
		return 2;
	open_group(argv[3]);
	open_container();
	map = map_buffer(argv[4]);
	for (i = 5; i < argc; i++)
		measure(argv[2], map, number(argv[i]), atoi(argv[1]));
	return 0;
}
