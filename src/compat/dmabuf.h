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
 * KSHM_DEFINE_VMAP() - define the operation vmap
 * @name: its name
 * @addr: a function that returns the address of a dma-buf, or NULL
 */
#if defined(KSHM_HAVE_DMA_BUF_MAP) || defined(KSHM_HAVE_IOSYS_MAP)
#define KSHM_DEFINE_VMAP(name, addr)					\
static int name(struct dma_buf *dmabuf, struct iosys_map *map)		\
{									\
	void *vaddr = addr(dmabuf);					\
									\
	if (!vaddr)							\
		return -EIO;						\
	iosys_map_set_vaddr(map, vaddr);				\
	return 0;							\
}									\
static_assert(true)
#else
#define KSHM_DEFINE_VMAP(name, addr)					\
static void *name(struct dma_buf *dmabuf)				\
{									\
	return addr(dmabuf);						\
}									\
static_assert(true)
#endif

#endif /* KSHM_COMPAT_DMABUF_H */
