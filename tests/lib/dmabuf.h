/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of a buffer as dma-bufs. */
#ifndef DMABUF_H
#define DMABUF_H

#include <linux/dma-buf.h>

#include "device.h"

/* Whether the kernel has dma-bufs, by its own list of functions. */
static inline bool has_dmabuf(void)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	bool found = false;
	char line[256];

	if (!f)
		bail("/proc/kallsyms");
	while (!found && fgets(line, sizeof(line), f))
		found = strstr(line, " dma_buf_export\n");
	fclose(f);
	return found;
}

/* Returns a descriptor, or -1 with errno. */
static inline int export_try(int fd, __u64 offset, __u64 len)
{
	struct kshm_export e = {
		.struct_size = sizeof(e), .flags = KSHM_EXPORT_CLOEXEC,
		.offset = offset, .len = len,
	};

	return ioctl(fd, KSHM_IOC_EXPORT, &e);
}

static inline int export(int fd, __u64 offset, __u64 len)
{
	int dmabuf = export_try(fd, offset, len);

	if (dmabuf < 0)
		bail("KSHM_IOC_EXPORT of %llu bytes at %llu", len, offset);
	return dmabuf;
}

/* DMA_BUF_IOCTL_SYNC: 0, or -1 with errno. */
static inline int dmabuf_sync(int dmabuf, __u64 flags)
{
	struct dma_buf_sync s = { .flags = flags };

	return ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &s);
}

#endif /* DMABUF_H */
