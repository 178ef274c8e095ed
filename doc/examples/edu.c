// SPDX-License-Identifier: GPL-2.0-only
/*
 * Let a PCI device read and write a kshm buffer, with its registers mapped into
 * the program.
 *
 *     edu PCI-ADDRESS DEVICE [UIO-DEVICE]
 *
 * for instance edu 0000:01:00.0 /dev/kshm0. It sees the end of a transfer by polling
 * or, with the driver uio_pci_generic and its /dev/uio0, by an interrupt. It works for
 * a buffer that is attached to the device, with or without an IOMMU, and without an
 * IOMMU for any buffer that the device reaches. It needs root, for the registers.
 *
 * The device is QEMU's edu: it copies 256 bytes from the beginning of the buffer
 * into its own memory, and from there to the end of the buffer. For a device of
 * your own, replace the part about registers.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm.h>
#include <linux/pci_regs.h>

#define EDU_BAR_SIZE	0x100000
#define EDU_IRQ_STATUS	0x24
#define EDU_IRQ_ACK	0x64
#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_DMA_START	0x1
#define EDU_DMA_TO_RAM	0x2
#define EDU_DMA_IRQ	0x4
#define EDU_MEMORY	0x40000		/* where its own memory begins */
#define EDU_BYTES	256
#define EDU_TIMEOUT_MS	5000

static void die(const char *what)
{
	perror(what);
	exit(1);
}

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

/*
 * Let the device answer at its registers, access memory, and interrupt. A driver
 * does this; only uio_pci_generic leaves it to the program.
 */
static void enable_device(const char *address)
{
	int fd = open_file(address, "config");
	uint16_t command;

	if (pread(fd, &command, sizeof(command), PCI_COMMAND) < 0)
		die("read PCI_COMMAND");
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	command &= ~PCI_COMMAND_INTX_DISABLE;
	if (pwrite(fd, &command, sizeof(command), PCI_COMMAND) < 0)
		die("write PCI_COMMAND");
	close(fd);
}

static volatile char *map_registers(const char *address)
{
	int fd = open_file(address, "resource0");
	void *regs = mmap(NULL, EDU_BAR_SIZE, PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, 0);

	if (regs == MAP_FAILED)
		die("mmap of the registers");
	close(fd);
	return regs;
}

static void edu_write(volatile char *regs, unsigned int reg, uint64_t value)
{
	*(volatile uint64_t *)(regs + reg) = value;
}

static uint32_t edu_read(volatile char *regs, unsigned int reg)
{
	return *(volatile uint32_t *)(regs + reg);
}

/* uio_pci_generic has switched the interrupt off until enable_device(). */
static void wait_for_interrupt(volatile char *regs, int uio)
{
	struct pollfd p = { .fd = uio, .events = POLLIN };
	uint32_t count;

	if (poll(&p, 1, EDU_TIMEOUT_MS) != 1) {
		fprintf(stderr, "no interrupt\n");
		exit(1);
	}
	if (read(uio, &count, sizeof(count)) != sizeof(count))
		die("read the number of interrupts");
	*(volatile uint32_t *)(regs + EDU_IRQ_ACK) = edu_read(regs, EDU_IRQ_STATUS);
	printf("interrupt %u\n", count);
}

static void edu_transfer(volatile char *regs, uint64_t from, uint64_t to,
			 uint64_t command, int uio)
{
	int ms;

	edu_write(regs, EDU_DMA_SRC, from);
	edu_write(regs, EDU_DMA_DST, to);
	edu_write(regs, EDU_DMA_COUNT, EDU_BYTES);
	if (uio >= 0) {
		edu_write(regs, EDU_DMA_CMD, EDU_DMA_START | EDU_DMA_IRQ | command);
		wait_for_interrupt(regs, uio);
		return;
	}
	edu_write(regs, EDU_DMA_CMD, EDU_DMA_START | command);
	for (ms = 0; edu_read(regs, EDU_DMA_CMD) & EDU_DMA_START; ms++) {
		if (ms == EDU_TIMEOUT_MS) {
			fprintf(stderr, "the transfer does not end\n");
			exit(1);
		}
		usleep(1000);
	}
}

/* Where the device does not snoop the caches, they are written back or dropped. */
static void sync_buffer(int fd, uint64_t offset, uint64_t len,
			uint32_t direction)
{
	struct kshm_sync sync = {
		.struct_size = sizeof(sync),
		.offset = offset,
		.len = len,
		.direction = direction,
	};

	if (ioctl(fd, KSHM_IOC_SYNC, &sync))
		die("KSHM_IOC_SYNC");
}

int main(int argc, char **argv)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	volatile char *regs;
	uint64_t address, end;
	char *memory;
	int fd, i, uio = -1;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: edu PCI-ADDRESS DEVICE [UIO-DEVICE]\n");
		return 2;
	}
	fd = open(argv[2], O_RDWR);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info))
		die(argv[2]);
	memory = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      0);
	if (memory == MAP_FAILED)
		die("mmap");
	/* The address for the attached device. Without one, hope for no IOMMU. */
	address = info.dma_addr ? info.dma_addr : info.phys_addr;
	end = info.size - EDU_BYTES;

	if (argc == 4) {
		uio = open(argv[3], O_RDWR);
		if (uio < 0)
			die(argv[3]);
	}
	enable_device(argv[1]);
	regs = map_registers(argv[1]);

	for (i = 0; i < EDU_BYTES; i++)
		memory[i] = 3 * i + 1;
	memset(memory + end, 0, EDU_BYTES);
	sync_buffer(fd, 0, info.size, KSHM_SYNC_FOR_DEVICE);

	edu_transfer(regs, address, EDU_MEMORY, 0, uio);
	enable_device(argv[1]);
	edu_transfer(regs, EDU_MEMORY, address + end, EDU_DMA_TO_RAM, uio);

	sync_buffer(fd, end, EDU_BYTES, KSHM_SYNC_FOR_CPU);
	if (memcmp(memory, memory + end, EDU_BYTES)) {
		fprintf(stderr, "not what was copied; see the kernel log\n");
		return 1;
	}
	printf("%s has the %llu bytes of %s at 0x%llx and copied %d of them\n",
	       argv[1], (unsigned long long)info.size, argv[2],
	       (unsigned long long)address, EDU_BYTES);
	return 0;
}
