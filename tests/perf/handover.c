// SPDX-License-Identifier: GPL-2.0-only
/*
 * handover ROUNDS ATTACHED PLAIN: what it costs to hand memory to the processor
 * and back to the device: KSHM_IOC_SYNC on a buffer that is attached to a device
 * and on one that is not, DMA_BUF_IOCTL_SYNC on dma-bufs of the second one and of
 * the system heap, while no device has mapped them and while one has, that of the
 * module kshm_importer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/kshm.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench.h"

#define PAIRS		10000
#define LARGE		(256UL << 20)
#define IMPORTER	"/sys/module/kshm_importer/parameters/do"

static const uint64_t sizes[] = { 4096, LARGE };

static int open_device(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		die(path);
	return fd;
}

static void kshm_sync(int fd, uint64_t size, uint32_t direction)
{
	struct kshm_sync sync = {
		.struct_size = sizeof(sync), .len = size,
		.direction = direction,
	};

	if (ioctl(fd, KSHM_IOC_SYNC, &sync))
		die("KSHM_IOC_SYNC");
}

static void kshm_pair(int fd, uint64_t size)
{
	kshm_sync(fd, size, KSHM_SYNC_FOR_CPU);
	kshm_sync(fd, size, KSHM_SYNC_FOR_DEVICE);
}

static void dmabuf_sync(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_RW };

	if (ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync))
		die("DMA_BUF_IOCTL_SYNC");
}

/* It is always for the whole dma-buf. */
static void dmabuf_pair(int fd, uint64_t size)
{
	(void)size;
	dmabuf_sync(fd, DMA_BUF_SYNC_START);
	dmabuf_sync(fd, DMA_BUF_SYNC_END);
}

static void measure(const char *way, void (*pair)(int fd, uint64_t size),
		    int fd, uint64_t size)
{
	uint64_t begin;
	int i;

	/* What is slow the first time. */
	for (i = 0; i < PAIRS / 10; i++)
		pair(fd, size);
	begin = now();
	for (i = 0; i < PAIRS; i++)
		pair(fd, size);
	figure("handover", way, size, (double)(now() - begin) / PAIRS);
}

static int export(int device, uint64_t size)
{
	struct kshm_export arg = { .struct_size = sizeof(arg), .len = size };
	int fd = ioctl(device, KSHM_IOC_EXPORT, &arg);

	if (fd < 0)
		die("KSHM_IOC_EXPORT");
	return fd;
}

static int heap_take(int heap, uint64_t size)
{
	struct dma_heap_allocation_data data = {
		.len = size, .fd_flags = O_RDWR,
	};

	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		die("DMA_HEAP_IOCTL_ALLOC");
	return data.fd;
}

static void measure_dmabuf(const char *way, const char *way_mapped, int fd,
			   uint64_t size)
{
	measure(way, dmabuf_pair, fd, size);
	write_file(IMPORTER, "get %d", fd);
	write_file(IMPORTER, "attach %u", 0xfffff000);
	write_file(IMPORTER, "map both");
	measure(way_mapped, dmabuf_pair, fd, size);
	write_file(IMPORTER, "unmap");
	write_file(IMPORTER, "detach");
	write_file(IMPORTER, "put");
	close(fd);
}

int main(int argc, char **argv)
{
	int attached, plain, heap, rounds;
	size_t i;

	if (argc != 4)
		return 2;
	attached = open_device(argv[2]);
	plain = open_device(argv[3]);
	heap = open_device("/dev/dma_heap/system");
	for (rounds = atoi(argv[1]); rounds; rounds--) {
		for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			measure("kshm", kshm_pair, attached, sizes[i]);
			measure("kshm-plain", kshm_pair, plain, sizes[i]);
			measure_dmabuf("kshm-dmabuf", "kshm-dmabuf-mapped",
				       export(plain, sizes[i]), sizes[i]);
			measure_dmabuf("heap", "heap-mapped",
				       heap_take(heap, sizes[i]), sizes[i]);
		}
	}
	return 0;
}
