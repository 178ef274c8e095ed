/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of devices that go away share. After configfs.h and memory.h. */
#ifndef UNPLUG_H
#define UNPLUG_H

#define SIZE	(64 * MIB)
#define SLACK	((long long)(2 * MIB))	/* what others may take or give */

/* Whether so much less than at the start is free now. */
static inline bool used(long long start, long long bytes)
{
	long long now = free_memory();
	bool good = start - now > bytes - SLACK && start - now < bytes + SLACK;

	if (!good)
		diag("%lld KiB are in use, not %lld", (start - now) / 1024,
		     bytes / 1024);
	return good;
}

/*
 * Somebody else's buffer: live, zeroed, then full of something foreign. Returns
 * where it is.
 */
static inline struct kshm_info occupy(const char *name)
{
	int fd = buffer_make(name, SIZE);
	struct kshm_info i = info(fd);
	char *p = map(fd, SIZE, 0);
	__u64 any = 0;
	size_t off;

	for (off = 0; off < SIZE; off += 8)
		any |= *(__u64 *)(p + off);
	is(any, 0, "another buffer is zeroed");
	memset(p, 0x66, SIZE);
	munmap(p, SIZE);
	close(fd);
	return i;
}

static inline bool apart(struct kshm_info a, struct kshm_info b)
{
	return a.phys_addr >= b.phys_addr + b.size ||
	       b.phys_addr >= a.phys_addr + a.size;
}

static inline bool foreign(const char *name)
{
	int fd = buffer_open(name);
	char *p = map(fd, SIZE, 0);
	size_t off;
	bool same = true;

	for (off = 0; off < SIZE && same; off += 8)
		same = *(__u64 *)(p + off) == 0x6666666666666666;
	munmap(p, SIZE);
	close(fd);
	return same;
}

#endif /* UNPLUG_H */
