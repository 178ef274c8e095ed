/* SPDX-License-Identifier: GPL-2.0-only */
/* Export as dma-buf. */
#ifndef KSHM_DMABUF_H
#define KSHM_DMABUF_H

#include <linux/errno.h>
#include <linux/types.h>

struct kshm_buffer;

#ifdef CONFIG_DMA_SHARED_BUFFER
int kshm_dmabuf_export(struct kshm_buffer *buf, u64 start, u64 len,
		       bool writable, int flags);
#else
static inline int kshm_dmabuf_export(struct kshm_buffer *buf, u64 start,
				     u64 len, bool writable, int flags)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* KSHM_DMABUF_H */
