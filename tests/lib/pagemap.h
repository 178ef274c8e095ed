/* SPDX-License-Identifier: GPL-2.0-only */
/* Which pages a mapping leads to. */
#ifndef PAGEMAP_H
#define PAGEMAP_H

#include "base.h"

/* Read one byte of each page. */
static inline void touch(const void *addr, size_t len)
{
	const char *p = addr;
	size_t i, page = PAGE;

	for (i = 0; i < len; i += page)
		(void)__atomic_load_n(p + i, __ATOMIC_RELAXED);
}

/* The physical addresses that pages are mapped to, 0 where they are not. */
static inline void phys_pages(const void *addr, size_t pages, __u64 *phys)
{
	int fd = xopen("/proc/self/pagemap", O_RDONLY);
	size_t i, page = PAGE;

	if (pread(fd, phys, 8 * pages, (uintptr_t)addr / page * 8) !=
	    (ssize_t)(8 * pages))
		bail("pagemap");
	close(fd);
	for (i = 0; i < pages; i++)
		phys[i] = phys[i] >> 63 ?
			(phys[i] & ((1ULL << 55) - 1)) * page : 0;
}

/* The flags of a page in /proc/kpageflags. */
static inline __u64 page_flags(__u64 phys)
{
	int fd = xopen("/proc/kpageflags", O_RDONLY);
	__u64 flags;

	if (pread(fd, &flags, sizeof(flags), phys / PAGE * sizeof(flags)) !=
	    sizeof(flags))
		bail("/proc/kpageflags");
	close(fd);
	return flags;
}

static inline __u64 phys_page(const void *addr)
{
	__u64 phys;

	phys_pages(addr, 1, &phys);
	return phys;
}

/* Whether each page of a range is mapped, to one contiguous range at base. */
static inline bool contiguous(const void *addr, size_t len, __u64 base)
{
	static __u64 phys[2048];
	size_t i, n, page = PAGE, left = len / page;

	for (; left; left -= n) {
		n = left < ARRAY_SIZE(phys) ? left : ARRAY_SIZE(phys);
		phys_pages(addr, n, phys);
		for (i = 0; i < n; i++) {
			if (phys[i] != base + i * page) {
				diag("%#llx is mapped to %#llx, not %#llx",
				     (uintptr_t)addr + i * 1ULL * page, phys[i],
				     base + i * page);
				return false;
			}
		}
		addr = (const char *)addr + n * page;
		base += n * page;
	}
	return true;
}

#endif /* PAGEMAP_H */
