/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel's own mappings are cached, where that can be changed. */
#ifndef KSHM_COMPAT_CACHE_H
#define KSHM_COMPAT_CACHE_H

/*
 * Of the architectures only x86 can change pages of the linear map, and lets
 * modules do it.
 */
#ifdef CONFIG_X86
#include <linux/set_memory.h>

#define KSHM_CAN_SET_CACHE	1
#else
#include <linux/errno.h>

#define KSHM_CAN_SET_CACHE	0

static inline int set_memory_wb(unsigned long addr, int nr)
{
	return -EOPNOTSUPP;
}

#define set_memory_wc		set_memory_wb
#define set_memory_uc		set_memory_wb
#endif

#endif /* KSHM_COMPAT_CACHE_H */
