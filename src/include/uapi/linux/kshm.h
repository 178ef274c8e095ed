/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * kshm: physically contiguous memory shared between kernel, devices and
 * programs. Interface of /dev/kshmN and /dev/kshm-alloc; see kshm(4).
 */
#ifndef _UAPI_LINUX_KSHM_H
#define _UAPI_LINUX_KSHM_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Room for a buffer's name and its terminating zero, bytes. */
#define KSHM_NAME_SIZE 32

/* Where a buffer's memory comes from: struct kshm_info.backing. */
#define KSHM_BACKING_PAGES	0	/* the page allocator */
#define KSHM_BACKING_CONTIG	1	/* a range that was cleared by migration */
#define KSHM_BACKING_CARVEOUT	2	/* memory that the kernel does not manage */
#define KSHM_BACKING_RESERVED	3	/* memory reserved by reserve_mem= */

/* How the processor caches a buffer: struct kshm_info.cache. */
#define KSHM_CACHE_WB		0	/* write-back: normal memory */
#define KSHM_CACHE_WC		1	/* write-combining */
#define KSHM_CACHE_UC		2	/* uncached */

/**
 * struct kshm_info - what KSHM_IOC_INFO tells about a buffer
 * @struct_size: in: sizeof(struct kshm_info) as the program knows it, never
 *		 less than below; out: as the driver knows it. The smaller of
 *		 the two is filled in. What the driver does not know must be 0.
 * @flags:	 in: must be 0
 * @size:	 bytes, a multiple of the page size
 * @phys_addr:	 CPU physical address of the first byte; 0 when the module was
 *		 loaded with restrict_phys_addr=1 and the caller lacks
 *		 CAP_SYS_ADMIN
 * @folio_size:	 bytes that one page-table entry can map at most
 * @node:	 NUMA node that the memory belongs to
 * @cache:	 KSHM_CACHE_*
 * @backing:	 KSHM_BACKING_*
 * @reserved:	 in: must be 0
 * @name:	 the buffer's name, zero-terminated
 * @dma_addr:	 address of the first byte for the attached device; 0 without one,
 *		 when it has gone, and when the caller may not see @phys_addr
 */
struct kshm_info {
	__u32 struct_size;
	__u32 flags;
	__aligned_u64 size;
	__aligned_u64 phys_addr;
	__aligned_u64 folio_size;
	__s32 node;
	__u32 cache;
	__u32 backing;
	__u32 reserved;
	char name[KSHM_NAME_SIZE];
	__aligned_u64 dma_addr;
};

/**
 * struct kshm_events - how often the doorbell was rung: KSHM_IOC_EVENTS
 * @struct_size: in: sizeof(struct kshm_events) as the program knows it; out: as
 *		 the driver knows it. As for struct kshm_info.
 * @flags:	 in: must be 0
 * @count:	 out: rings since the buffer was created
 *
 * The open file has then seen these rings: poll() does not report POLLPRI before
 * the next one.
 */
struct kshm_events {
	__u32 struct_size;
	__u32 flags;
	__aligned_u64 count;
};

/**
 * struct kshm_eventfd - an eventfd for the doorbell: KSHM_IOC_EVENTFD
 * @struct_size: in: sizeof(struct kshm_eventfd) as the program knows it
 * @flags:	 in: must be 0
 * @fd:		 in: an eventfd, to which each ring adds 1 until the device is
 *		 closed; it replaces the one before; -1: none
 * @reserved:	 in: must be 0
 */
struct kshm_eventfd {
	__u32 struct_size;
	__u32 flags;
	__s32 fd;
	__u32 reserved;
};

/* Who uses the bytes next: struct kshm_sync.direction. */
#define KSHM_SYNC_FOR_DEVICE	1
#define KSHM_SYNC_FOR_CPU	2

/**
 * struct kshm_sync - maintain the caches for the attached device: KSHM_IOC_SYNC
 * @struct_size: in: sizeof(struct kshm_sync) as the program knows it
 * @flags:	 in: must be 0
 * @offset:	 in: first byte
 * @len:	 in: number of bytes, within the buffer; 0 is nothing
 * @direction:	 in: KSHM_SYNC_FOR_DEVICE after the program has stored and before
 *		 the device reads or writes; KSHM_SYNC_FOR_CPU after the device
 *		 has written and before the program loads
 * @reserved:	 in: must be 0
 */
struct kshm_sync {
	__u32 struct_size;
	__u32 flags;
	__aligned_u64 offset;
	__aligned_u64 len;
	__u32 direction;
	__u32 reserved;
};

/* Flag of struct kshm_export: the new descriptor is closed on exec. */
#define KSHM_EXPORT_CLOEXEC	1

/**
 * struct kshm_export - a part of the buffer as a dma-buf: KSHM_IOC_EXPORT
 * @struct_size: in: sizeof(struct kshm_export) as the program knows it
 * @flags:	 in: KSHM_EXPORT_*
 * @offset:	 in: first byte, a multiple of the page size
 * @len:	 in: bytes, a multiple of the page size, not 0
 */
struct kshm_export {
	__u32 struct_size;
	__u32 flags;
	__aligned_u64 offset;
	__aligned_u64 len;
};

/* Flag of struct kshm_alloc: the new descriptor is closed on exec. */
#define KSHM_ALLOC_CLOEXEC	1

/**
 * struct kshm_alloc - a buffer without a name or a device: KSHM_IOC_ALLOC
 * @struct_size: in: sizeof(struct kshm_alloc) as the program knows it
 * @flags:	 in: KSHM_ALLOC_*
 * @size:	 in: bytes, rounded up to whole pages; out, when the call fails
 *		 with ENOMEM: the largest size that would succeed now, or 0
 * @align:	 in: alignment, bytes, a power of two; 0: the largest page-table
 *		 entry that fits the size
 * @addr_min:	 in: lowest physical address that may be used
 * @addr_max:	 in: highest physical address that may be used; 0: no limit
 * @addr_bits:	 in: every address fits in this many bits, 24 to 64; 0: no limit
 * @node:	 in: NUMA node; -1: any
 * @cache:	 in: KSHM_CACHE_*
 * @reserved:	 in: must be 0
 */
struct kshm_alloc {
	__u32 struct_size;
	__u32 flags;
	__aligned_u64 size;
	__aligned_u64 align;
	__aligned_u64 addr_min;
	__aligned_u64 addr_max;
	__u32 addr_bits;
	__s32 node;
	__u32 cache;
	__u32 reserved;
};

#define KSHM_IOC_MAGIC	0xD7

/*
 * The argument points to a struct kshm_info. As in VFIO and iommufd the command
 * carries no size, and the structure begins with its own: so the command stays
 * the same when the structure grows.
 */
#define KSHM_IOC_INFO	_IO(KSHM_IOC_MAGIC, 0x00)

/*
 * Ring the doorbell: wakes the pollers (POLLPRI) and eventfds of all other open
 * files of the buffer, and the pollers of events in sysfs. The argument is 0.
 */
#define KSHM_IOC_NOTIFY		_IO(KSHM_IOC_MAGIC, 0x01)

/* The argument points to a struct kshm_events. */
#define KSHM_IOC_EVENTS		_IO(KSHM_IOC_MAGIC, 0x02)

/* The argument points to a struct kshm_eventfd. */
#define KSHM_IOC_EVENTFD	_IO(KSHM_IOC_MAGIC, 0x03)

/*
 * The argument points to a struct kshm_sync. Succeeds and does nothing without an
 * attached device, or when the device snoops the caches.
 */
#define KSHM_IOC_SYNC		_IO(KSHM_IOC_MAGIC, 0x04)

/*
 * The argument points to a struct kshm_export. Returns a descriptor of a dma-buf,
 * which can be written to if the open file can. It holds the memory, as an open
 * file does.
 */
#define KSHM_IOC_EXPORT		_IO(KSHM_IOC_MAGIC, 0x05)

/*
 * On /dev/kshm-alloc only. The argument points to a struct kshm_alloc. Returns a
 * descriptor: a regular file, open for reading and writing, whose size is that
 * of the buffer, and on which the commands above work. The memory is freed with
 * its last user.
 */
#define KSHM_IOC_ALLOC		_IO(KSHM_IOC_MAGIC, 0x10)

#endif /* _UAPI_LINUX_KSHM_H */
