// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu-copy SYSFS-DIRECTORY DEVICE [ADDRESS]: QEMU's device edu copies the first
 * bytes of a buffer to its end. It gets the buffer's physical address, or ADDRESS.
 * The DEVICE - is the standard input. Exit status 0 if the bytes are there, 1 if
 * not.
 */
#include "device.h"

#include <linux/pci_regs.h>

#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_DMA_START	0x1
#define EDU_DMA_TO_RAM	0x2
#define EDU_MEMORY	0x40000
#define BYTES		256
#define BAR_SIZE	MIB
#define LIMIT_MS	60000

static volatile char *regs;

static void edu_transfer(__u64 from, __u64 to, __u64 command)
{
	volatile __u32 *state = (volatile void *)(regs + EDU_DMA_CMD);
	int ms;

	*(volatile __u64 *)(regs + EDU_DMA_SRC) = from;
	*(volatile __u64 *)(regs + EDU_DMA_DST) = to;
	*(volatile __u64 *)(regs + EDU_DMA_COUNT) = BYTES;
	*(volatile __u64 *)(regs + EDU_DMA_CMD) = EDU_DMA_START | command;
	for (ms = 0; *state & EDU_DMA_START; ms++) {
		if (ms == LIMIT_MS)
			bail("the transfer does not end");
		usleep(1000);
	}
}

int main(int argc, char **argv)
{
	char path[128], *memory, *end;
	struct kshm_info i;
	__u64 address;
	__u16 command;
	int fd, n;

	if (argc != 3 && argc != 4)
		return 2;
	snprintf(path, sizeof(path), "%s/config", argv[1]);
	fd = xopen(path, O_RDWR);
	if (pread(fd, &command, sizeof(command), PCI_COMMAND) < 0)
		bail("PCI_COMMAND");
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (pwrite(fd, &command, sizeof(command), PCI_COMMAND) < 0)
		bail("PCI_COMMAND");
	snprintf(path, sizeof(path), "%s/resource0", argv[1]);
	regs = map(xopen(path, O_RDWR), BAR_SIZE, 0);

	fd = strcmp(argv[2], "-") ? xopen(argv[2], O_RDWR) : STDIN_FILENO;
	i = info(fd);
	memory = map(fd, i.size, 0);
	end = memory + i.size - BYTES;
	for (n = 0; n < BYTES; n++)
		memory[n] = 5 * n + 1;
	memset(end, 0, BYTES);
	address = argc == 4 ? strtoull(argv[3], NULL, 0) : i.phys_addr;
	edu_transfer(address, EDU_MEMORY, 0);
	edu_transfer(EDU_MEMORY, address + i.size - BYTES, EDU_DMA_TO_RAM);
	return memcmp(memory, end, BYTES) ? 1 : 0;
}
