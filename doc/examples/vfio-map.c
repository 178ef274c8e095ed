// SPDX-License-Identifier: GPL-2.0-only
/*
 * Give a kshm buffer to a PCI device behind an IOMMU, by VFIO.
 *
 *     vfio-map PCI-ADDRESS DEVICE [IOVA]
 *
 * for instance vfio-map 0000:01:00.0 /dev/kshm0. The PCI device must be bound
 * to the driver vfio-pci. It accesses the first byte of the buffer at the
 * address IOVA, and nothing outside of the buffer.
 *
 * QEMU's device edu then copies bytes from the beginning of the buffer to its
 * end, to show that it works. For a device of your own, replace that part.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>

/* Above the lowest addresses, and within the 28 bits that edu reaches. */
#define DEFAULT_IOVA	0x1000000

#define EDU_ID		0x11e81234	/* device and vendor in config space */
#define EDU_DMA_SRC	0x80
#define EDU_DMA_DST	0x88
#define EDU_DMA_COUNT	0x90
#define EDU_DMA_CMD	0x98
#define EDU_DMA_START	0x1
#define EDU_DMA_TO_RAM	0x2
#define EDU_MEMORY	0x40000
#define EDU_BYTES	256
#define EDU_TIMEOUT_MS	5000

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void fail(const char *text)
{
	fprintf(stderr, "%s\n", text);
	exit(1);
}

/* The IOMMU group of a PCI device is a link in sysfs, its name a number. */
static int open_group(const char *address)
{
	char link[PATH_MAX], target[PATH_MAX], path[PATH_MAX];
	ssize_t len;
	int fd;

	snprintf(link, sizeof(link), "/sys/bus/pci/devices/%s/iommu_group",
		 address);
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0)
		die(link);
	target[len] = '\0';
	if (snprintf(path, sizeof(path), "/dev/vfio%s",
		     strrchr(target, '/')) >= (int)sizeof(path))
		fail("the name of the group is too long");
	fd = open(path, O_RDWR);
	if (fd < 0)
		die(path);
	return fd;
}

/* A container is an address space for devices; its groups share it. */
static int open_container(int group)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	int fd = open("/dev/vfio/vfio", O_RDWR);

	if (fd < 0)
		die("/dev/vfio/vfio");
	if (ioctl(fd, VFIO_GET_API_VERSION) != VFIO_API_VERSION)
		fail("unknown version of VFIO");
	if (ioctl(group, VFIO_GROUP_GET_STATUS, &status))
		die("VFIO_GROUP_GET_STATUS");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		fail("a device of the group is not bound to vfio-pci");
	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &fd))
		die("VFIO_GROUP_SET_CONTAINER");
	if (ioctl(fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("VFIO_SET_IOMMU");
	return fd;
}

static char *map_buffer(const char *device, uint64_t *size)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	int fd = open(device, O_RDWR);
	char *memory;

	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info))
		die(device);
	memory = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      0);
	if (memory == MAP_FAILED)
		die("mmap");
	close(fd);
	*size = info.size;
	return memory;
}

static void map_dma(int container, void *memory, uint64_t size, uint64_t iova)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = size,
	};

	/* ENOMEM: see the limit of locked memory, ulimit -l. */
	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &map))
		die("VFIO_IOMMU_MAP_DMA");
}

static uint64_t region_offset(int device, uint32_t index, uint64_t *size)
{
	struct vfio_region_info region = {
		.argsz = sizeof(region),
		.index = index,
	};

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &region))
		die("VFIO_DEVICE_GET_REGION_INFO");
	if (size)
		*size = region.size;
	return region.offset;
}

/* Let the device answer at its registers and access memory. */
static void enable_device(int device, uint64_t config)
{
	uint16_t command;

	if (pread(device, &command, sizeof(command), config + PCI_COMMAND) < 0)
		die("read PCI_COMMAND");
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (pwrite(device, &command, sizeof(command), config + PCI_COMMAND) < 0)
		die("write PCI_COMMAND");
}

static void edu_write(volatile char *regs, unsigned int reg, uint64_t value)
{
	*(volatile uint64_t *)(regs + reg) = value;
}

static void edu_transfer(volatile char *regs, uint64_t from, uint64_t to,
			 uint64_t command)
{
	volatile uint32_t *state = (volatile uint32_t *)(regs + EDU_DMA_CMD);
	int ms;

	edu_write(regs, EDU_DMA_SRC, from);
	edu_write(regs, EDU_DMA_DST, to);
	edu_write(regs, EDU_DMA_COUNT, EDU_BYTES);
	edu_write(regs, EDU_DMA_CMD, EDU_DMA_START | command);
	for (ms = 0; *state & EDU_DMA_START; ms++) {
		if (ms == EDU_TIMEOUT_MS)
			fail("edu: the transfer does not end");
		usleep(1000);
	}
}

/* The device copies through its own memory. */
static void edu_copy(int device, char *memory, uint64_t size, uint64_t iova)
{
	char *end = memory + size - EDU_BYTES;
	volatile char *regs;
	uint64_t length;
	uint64_t offset = region_offset(device, VFIO_PCI_BAR0_REGION_INDEX,
					&length);
	int i;

	regs = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, device,
		    offset);
	if (regs == MAP_FAILED)
		die("mmap of the registers");

	for (i = 0; i < EDU_BYTES; i++)
		memory[i] = 3 * i + 1;
	memset(end, 0, EDU_BYTES);
	edu_transfer(regs, iova, EDU_MEMORY, 0);
	edu_transfer(regs, EDU_MEMORY, iova + size - EDU_BYTES, EDU_DMA_TO_RAM);
	if (memcmp(memory, end, EDU_BYTES))
		fail("edu: not what was copied; see the kernel log");
	printf("edu copied %d bytes to the end of the buffer\n", EDU_BYTES);
}

int main(int argc, char **argv)
{
	uint64_t iova = DEFAULT_IOVA, config, size;
	int group, container, device;
	uint32_t id;
	char *memory;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: vfio-map PCI-ADDRESS DEVICE [IOVA]\n");
		return 2;
	}
	if (argc == 4)
		iova = strtoull(argv[3], NULL, 0);

	group = open_group(argv[1]);
	container = open_container(group);
	memory = map_buffer(argv[2], &size);
	map_dma(container, memory, size, iova);
	printf("%s has the %llu bytes of %s at 0x%llx\n", argv[1],
	       (unsigned long long)size, argv[2], (unsigned long long)iova);

	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[1]);
	if (device < 0)
		die("VFIO_GROUP_GET_DEVICE_FD");
	config = region_offset(device, VFIO_PCI_CONFIG_REGION_INDEX, NULL);
	enable_device(device, config);
	if (pread(device, &id, sizeof(id), config + PCI_VENDOR_ID) < 0)
		die("read PCI_VENDOR_ID");
	if (id == EDU_ID)
		edu_copy(device, memory, size, iova);
	return 0;
}
