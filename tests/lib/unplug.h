/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests that remove a device while it is in use: is its memory still
 * allocated, and does no other buffer get it?
 */
#ifndef UNPLUG_H
#define UNPLUG_H

#include "configfs.h"
#include "device.h"
#include "memory.h"
#include "pattern.h"

#define SIZE	(64 * MIB)
#define SLACK	((long long)(2 * MIB))	/* what others may allocate or free */

#define FOREIGN	0x66	/* each byte of another buffer */

/* Whether @bytes less are free than at the start. */
static inline bool is_allocated(long long start, long long bytes)
{
	long long now = free_memory();
	bool good = start - now > bytes - SLACK && start - now < bytes + SLACK;

	if (!good)
		diag("%lld KiB are allocated, not %lld", (start - now) / 1024,
		     bytes / 1024);
	return good;
}

/* Make another buffer, which must be zero, and fill it. Returns its INFO. */
static inline struct kshm_info foreign_make(const char *name)
{
	int fd = buffer_make(name, SIZE);
	struct kshm_info i = info(fd);
	char *p = map(fd, SIZE, 0);

	ok(all_bytes_are(p, SIZE, 0), "the new buffer %s is zeroed", name);
	memset(p, FOREIGN, SIZE);
	munmap(p, SIZE);
	close(fd);
	return i;
}

static inline bool foreign_unchanged(const char *name)
{
	int fd = buffer_open(name);
	char *p = map(fd, SIZE, 0);
	bool same = all_bytes_are(p, SIZE, FOREIGN);

	munmap(p, SIZE);
	close(fd);
	return same;
}

static inline bool are_disjoint(struct kshm_info a, struct kshm_info b)
{
	return a.phys_addr >= b.phys_addr + b.size ||
	       b.phys_addr >= a.phys_addr + a.size;
}

#endif /* UNPLUG_H */
