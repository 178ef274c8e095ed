// SPDX-License-Identifier: GPL-2.0-only
/* The ways for programs to have memory. */
#define _GNU_SOURCE
#include "way.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <linux/kshm.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "bench.h"

#define HUGE		(2UL << 20)
#define CONFIGFS	"/sys/kernel/config/kshm/bench"
#define REMAP		"/sys/module/remap/parameters/"
#define NR_HUGE		"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"

static bool map_fd(struct area *area)
{
	area->map = mmap(NULL, area->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 area->fd, 0);
	return area->map != MAP_FAILED;
}

void unmap(struct area *area)
{
	if (munmap(area->map, area->size))
		die("munmap");
}

static void drop_fd(struct area *area)
{
	close(area->fd);
}

static bool fill_fd(struct area *area)
{
	return !fallocate(area->fd, 0, 0, area->size);
}

/* kshm, by configfs */
static bool kshm_take(struct area *area)
{
	char name[16], path[64];
	int live, err;
	FILE *file;

	if (mkdir(CONFIGFS, 0700))
		die(CONFIGFS);
	write_file(CONFIGFS "/size", "%zu\n", area->size);
	live = open(CONFIGFS "/live", O_WRONLY);
	if (write(live, "1\n", 2) != 2) {
		err = errno;
		close(live);
		rmdir(CONFIGFS);
		errno = err;
		return false;
	}
	close(live);
	file = fopen(CONFIGFS "/dev_name", "r");
	if (!file || fscanf(file, "%15s", name) != 1)
		die(CONFIGFS "/dev_name");
	fclose(file);
	snprintf(path, sizeof(path), "/dev/%s", name);
	area->fd = open(path, O_RDWR);
	if (area->fd < 0)
		die(path);
	return true;
}

static void kshm_drop(struct area *area)
{
	close(area->fd);
	if (rmdir(CONFIGFS))
		die(CONFIGFS);
}

/* remap_pfn_range() over the memory of a kshm buffer */
static bool remap_take(struct area *area)
{
	char path[64], phys[32];
	struct stat st;
	FILE *file;

	if (!kshm_take(area))
		return false;
	fstat(area->fd, &st);
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/phys_addr",
		 major(st.st_rdev), minor(st.st_rdev));
	file = fopen(path, "r");
	if (!file || fscanf(file, "%31s", phys) != 1)
		die(path);
	fclose(file);
	write_file(REMAP "phys_addr", "%s\n", phys);
	write_file(REMAP "size", "%zu\n", area->size);
	close(area->fd);
	area->fd = open("/dev/remap", O_RDWR);
	if (area->fd < 0)
		die("/dev/remap");
	return true;
}

/* Huge pages of a pool that is made for the purpose */
static bool hugetlb_take(struct area *area)
{
	write_file(NR_HUGE, "%zu\n", area->size / HUGE);
	if (read_number(NR_HUGE, "") < area->size / HUGE) {
		write_file(NR_HUGE, "0\n");
		errno = ENOMEM;
		return false;
	}
	area->fd = memfd_create("bench", MFD_HUGETLB | MFD_HUGE_2MB);
	if (area->fd < 0 || ftruncate(area->fd, area->size))
		die("hugetlb");
	return true;
}

static void hugetlb_drop(struct area *area)
{
	close(area->fd);
	write_file(NR_HUGE, "0\n");
}

static bool memfd_take(struct area *area)
{
	area->fd = memfd_create("bench", 0);
	if (area->fd < 0 || ftruncate(area->fd, area->size))
		die("memfd");
	return true;
}

static bool heap_take(struct area *area)
{
	struct dma_heap_allocation_data data = {
		.len = area->size,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap, err;

	heap = open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC);
	if (heap < 0)
		return false;
	err = ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? errno : 0;
	close(heap);
	area->fd = data.fd;
	errno = err;
	return !err;
}

/* A buffer that lives as long as its descriptor */
static bool alloc_take(struct area *area)
{
	struct kshm_alloc request = {
		.struct_size = sizeof(request), .size = area->size, .node = -1,
	};
	int node = open("/dev/kshm-alloc", O_RDWR), err;

	if (node < 0)
		return false;
	area->fd = ioctl(node, KSHM_IOC_ALLOC, &request);
	err = errno;
	close(node);
	errno = err;
	return area->fd >= 0;
}

/* Anonymous memory: there is nothing but the mapping */
static bool thp_take(struct area *area)
{
	(void)area;
	return true;
}

static void thp_drop(struct area *area)
{
	(void)area;
}

static bool thp_map(struct area *area)
{
	char *map, *start;

	map = mmap(NULL, area->size + HUGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		return false;
	start = (char *)(((uintptr_t)map + HUGE - 1) & ~(HUGE - 1));
	if (start != map)
		munmap(map, start - map);
	munmap(start + area->size, map + HUGE - start);
	area->map = start;
	return !madvise(start, area->size, MADV_HUGEPAGE);
}

const struct way ways[] = {
	{ "kshm", kshm_take, NULL, map_fd, kshm_drop, true },
	{ "kshm-memfd", alloc_take, NULL, map_fd, drop_fd, true },
	{ "remap", remap_take, NULL, map_fd, kshm_drop, true },
	{ "hugetlb", hugetlb_take, fill_fd, map_fd, hugetlb_drop, true },
	{ "memfd", memfd_take, fill_fd, map_fd, drop_fd, true },
	{ "dma-heap", heap_take, NULL, map_fd, drop_fd, true },
	{ "thp", thp_take, NULL, thp_map, thp_drop, false },
	{ }
};

const struct way *find_way(const char *name)
{
	const struct way *way;

	for (way = ways; way->name; way++) {
		if (!strcmp(way->name, name))
			return way;
	}
	errno = EINVAL;
	die(name);
}
