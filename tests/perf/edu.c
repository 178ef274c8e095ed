// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu ROUNDS PCI-ADDRESS DEVICE: how fast QEMU's device edu reads and writes a
 * buffer that is attached to it. Its memory has 4096 bytes, but QEMU 7.2 stops
 * when a transfer reaches the last one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kshm.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define EDU_BAR_SIZE	0x100000
#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_DMA_START	0x1
#define EDU_DMA_TO_RAM	0x2
#define EDU_MEMORY	0x40000
#define EDU_BYTES	4088
#define TRANSFERS	10

static volatile char *regs;

static int open_file(const char *address, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", address,
		 name);
	fd = open(path, O_RDWR);
	if (fd < 0)
		die(path);
	return fd;
}

/* There is no driver that lets it access memory. */
static void enable_device(const char *address)
{
	int fd = open_file(address, "config");
	uint16_t command;

	if (pread(fd, &command, sizeof(command), PCI_COMMAND) < 0)
		die("read PCI_COMMAND");
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (pwrite(fd, &command, sizeof(command), PCI_COMMAND) < 0)
		die("write PCI_COMMAND");
	close(fd);
}

static void map_registers(const char *address)
{
	int fd = open_file(address, "resource0");
	void *map = mmap(NULL, EDU_BAR_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
			 fd, 0);

	if (map == MAP_FAILED)
		die("mmap of the registers");
	close(fd);
	regs = map;
}

static void transfer(uint64_t from, uint64_t to, uint64_t command)
{
	*(volatile uint64_t *)(regs + EDU_DMA_SRC) = from;
	*(volatile uint64_t *)(regs + EDU_DMA_DST) = to;
	*(volatile uint64_t *)(regs + EDU_DMA_COUNT) = EDU_BYTES;
	*(volatile uint64_t *)(regs + EDU_DMA_CMD) = EDU_DMA_START | command;
	while (*(volatile uint32_t *)(regs + EDU_DMA_CMD) & EDU_DMA_START)
		usleep(100);
}

static void measure(const char *way, uint64_t from, uint64_t to,
		    uint64_t command)
{
	uint64_t begin = now();
	int i;

	for (i = 0; i < TRANSFERS; i++)
		transfer(from, to, command);
	figure("edu", way, EDU_BYTES,
	       TRANSFERS * EDU_BYTES * 1e9 / (now() - begin));
}

int main(int argc, char **argv)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	uint64_t last;
	char *map;
	int fd, i, rounds;

	if (argc != 4)
		return 2;
	fd = open(argv[3], O_RDWR);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info))
		die(argv[3]);
	errno = ENODEV;
	if (!info.dma_addr)
		die("dma_addr");
	map = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		die("mmap");
	enable_device(argv[2]);
	map_registers(argv[2]);

	/* The first bytes go to the device, and come back as the last ones. */
	last = info.size - EDU_BYTES;
	for (rounds = atoi(argv[1]); rounds; rounds--) {
		for (i = 0; i < EDU_BYTES; i++)
			map[i] = 3 * i + rounds;
		memset(map + last, 0, EDU_BYTES);
		measure("reads", info.dma_addr, EDU_MEMORY, 0);
		measure("writes", EDU_MEMORY, info.dma_addr + last,
			EDU_DMA_TO_RAM);
		errno = EILSEQ;
		if (memcmp(map, map + last, EDU_BYTES))
			die("what the device copied");
	}
	return 0;
}
