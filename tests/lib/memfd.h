/* SPDX-License-Identifier: GPL-2.0-only */
/* Contiguous memfds. */
#ifndef MEMFD_H
#define MEMFD_H

#include "device.h"

#define ALLOC_NODE	"/dev/kshm-alloc"
#define ALLOC_SYSFS	"/sys/class/kshm-alloc/kshm-alloc/"

/* A request for memory anywhere. */
static inline struct kshm_alloc alloc_request(size_t size)
{
	struct kshm_alloc a = {
		.struct_size = sizeof(a), .size = size, .node = -1,
		.flags = KSHM_ALLOC_CLOEXEC,
	};

	return a;
}

/* Returns a descriptor, or -1 with errno. */
static inline int memfd_try(struct kshm_alloc *a)
{
	int node = xopen(ALLOC_NODE, O_RDWR), fd, err;

	fd = ioctl(node, KSHM_IOC_ALLOC, a);
	err = errno;
	close(node);
	errno = err;
	return fd;
}

static inline int memfd(size_t size)
{
	struct kshm_alloc a = alloc_request(size);
	int fd = memfd_try(&a);

	if (fd < 0)
		bail("KSHM_IOC_ALLOC of %zu bytes", size);
	return fd;
}

/* Another open file of it. */
static inline int memfd_reopen(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

/* The sum of all memfds, bytes. */
static inline long long memfd_used(void)
{
	return strtoll(slurp(ALLOC_SYSFS "used"), NULL, 10);
}

#endif /* MEMFD_H */
