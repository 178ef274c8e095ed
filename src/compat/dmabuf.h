/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations of a dma-buf. */
#ifndef KSHM_COMPAT_DMABUF_H
#define KSHM_COMPAT_DMABUF_H

#include <linux/dma-buf.h>
#include <linux/errno.h>
#include <linux/module.h>

/* 6.13 made the name of a namespace a string. */
#ifdef KSHM_HAVE_STRING_NS
#define KSHM_IMPORT_NS(ns)	MODULE_IMPORT_NS(#ns)
#else
#define KSHM_IMPORT_NS(ns)	MODULE_IMPORT_NS(ns)
#endif

/* 5.11 introduced the structure, 5.18 renamed it. */
#if defined(KSHM_HAVE_DMA_BUF_MAP)
#include <linux/dma-buf-map.h>
#define iosys_map		dma_buf_map
#define iosys_map_set_vaddr	dma_buf_map_set_vaddr
#elif defined(KSHM_HAVE_IOSYS_MAP)
#include <linux/iosys-map.h>
#endif

/*
 * The operation vmap: its type, its arguments, and what it returns for an
 * address, or for NULL when there is none. Before 5.11 it returned the address.
 */
#if defined(KSHM_HAVE_DMA_BUF_MAP) || defined(KSHM_HAVE_IOSYS_MAP)
#define KSHM_VMAP_TYPE		int
#define KSHM_VMAP_ARGS		struct dma_buf *dmabuf, struct iosys_map *map
#define KSHM_VMAP_RESULT(vaddr)	kshm_vmap_result(map, vaddr)

static inline int kshm_vmap_result(struct iosys_map *map, void *vaddr)
{
	if (!vaddr)
		return -EIO;
	iosys_map_set_vaddr(map, vaddr);
	return 0;
}
#else
#define KSHM_VMAP_TYPE		void *
#define KSHM_VMAP_ARGS		struct dma_buf *dmabuf
#define KSHM_VMAP_RESULT(vaddr)	(vaddr)
#endif

#endif /* KSHM_COMPAT_DMABUF_H */
