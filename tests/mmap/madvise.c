// SPDX-License-Identifier: GPL-2.0-only
/*
 * madvise DEVICE: whether the kernel accepts an advice or not, it never changes
 * the bytes of a mapping or its pages.
 */
#include "base.h"

#include "device.h"
#include "pagemap.h"
#include "pattern.h"

/* Not in the headers of every build machine. */
#define ADV_DONTNEED_LOCKED	24
#define ADV_COLLAPSE		25
#define ADV_SOFT_OFFLINE	101
#define ADV_GUARD_INSTALL	102
#define ADV_GUARD_REMOVE	103

static const struct {
	int advice;
	const char *name;
} advices[] = {
	{ MADV_NORMAL, "MADV_NORMAL" },
	{ MADV_RANDOM, "MADV_RANDOM" },
	{ MADV_SEQUENTIAL, "MADV_SEQUENTIAL" },
	{ MADV_WILLNEED, "MADV_WILLNEED" },
	{ MADV_DONTNEED, "MADV_DONTNEED" },
	{ MADV_FREE, "MADV_FREE" },
	{ MADV_REMOVE, "MADV_REMOVE" },
	{ MADV_DONTFORK, "MADV_DONTFORK" },
	{ MADV_DOFORK, "MADV_DOFORK" },
	{ MADV_MERGEABLE, "MADV_MERGEABLE" },
	{ MADV_UNMERGEABLE, "MADV_UNMERGEABLE" },
	{ MADV_HUGEPAGE, "MADV_HUGEPAGE" },
	{ MADV_NOHUGEPAGE, "MADV_NOHUGEPAGE" },
	{ MADV_DONTDUMP, "MADV_DONTDUMP" },
	{ MADV_DODUMP, "MADV_DODUMP" },
	{ MADV_WIPEONFORK, "MADV_WIPEONFORK" },
	{ MADV_KEEPONFORK, "MADV_KEEPONFORK" },
	{ MADV_COLD, "MADV_COLD" },
	{ MADV_PAGEOUT, "MADV_PAGEOUT" },
	{ MADV_POPULATE_READ, "MADV_POPULATE_READ" },
	{ MADV_POPULATE_WRITE, "MADV_POPULATE_WRITE" },
	{ ADV_DONTNEED_LOCKED, "MADV_DONTNEED_LOCKED" },
	{ ADV_COLLAPSE, "MADV_COLLAPSE" },
	{ ADV_SOFT_OFFLINE, "MADV_SOFT_OFFLINE" },
	{ ADV_GUARD_INSTALL, "MADV_GUARD_INSTALL" },
	{ ADV_GUARD_REMOVE, "MADV_GUARD_REMOVE" },
	{ 5000, "an unknown advice" },
};

static size_t size;
static __u64 base;	/* physical address */

static int try_advice(int fd, int advice, const char *name, size_t off,
		      size_t len, const char *where)
{
	char *p = map(fd, size, 0);
	int ret, err;

	fill(p, size, advice);
	ret = madvise(p + off, len, advice);
	err = errno;
	ok(filled(p, size, advice) && contiguous(p, size, base),
	   "%s of %s changes nothing (%s)", name, where,
	   ret ? strerror(err) : "accepted");
	munmap(p, size);
	return ret;
}

static void try_all(int fd, size_t off, size_t len, const char *where)
{
	int accepted = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(advices); i++)
		accepted += !try_advice(fd, advices[i].advice, advices[i].name,
					off, len, where);
	ok(accepted >= 10, "%d of %zu advices are accepted for %s", accepted,
	   ARRAY_SIZE(advices), where);
}

/* The kernel would take the page away and give the mapping another one. */
static void soft_offline(int fd)
{
	ok(try_advice(fd, ADV_SOFT_OFFLINE, "MADV_SOFT_OFFLINE", 2 * PAGE,
		      PAGE, "one page"), "MADV_SOFT_OFFLINE is refused");
}

/* Memory that a program wants to lose must not be lost for all others. */
static void destructive(int fd)
{
	char *p = map(fd, size, 0);

	fails(madvise(p, size, MADV_FREE), EINVAL, "MADV_FREE: EINVAL");
	ok(madvise(p, size, MADV_REMOVE) == -1, "MADV_REMOVE is refused");
	fails(madvise(p, size, MADV_WIPEONFORK), EINVAL,
	      "MADV_WIPEONFORK: EINVAL");
	ok(!madvise(p, size, MADV_DONTNEED), "MADV_DONTNEED is accepted");
	munmap(p, size);
}

int main(int argc, char **argv)
{
	int fd = device_open(argc, argv, &size);

	base = info(fd).phys_addr;
	try_all(fd, 0, size, "the whole mapping");
	try_all(fd, 3 * PAGE, 2 * PAGE, "two pages");
	soft_offline(fd);
	destructive(fd);
	return tap_done();
}
