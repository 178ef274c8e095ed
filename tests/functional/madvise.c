// SPDX-License-Identifier: GPL-2.0-only
/*
 * madvise DEVICE: each advice gives what this kernel gives for such a mapping,
 * and never changes the bytes or where they lie.
 */
#include "guest.h"

/* Not in the headers of every build machine. */
#define ADV_DONTNEED_LOCKED	24
#define ADV_COLLAPSE		25
#define ADV_SOFT_OFFLINE	101
#define ADV_GUARD_INSTALL	102
#define ADV_GUARD_REMOVE	103

static const struct {
	int advice;
	const char *name;
	int err;
	int since;	/* the kernel that has it; EINVAL before */
} kinds[] = {
	{ MADV_NORMAL, "NORMAL", 0, 0 },
	{ MADV_RANDOM, "RANDOM", 0, 0 },
	{ MADV_SEQUENTIAL, "SEQUENTIAL", 0, 0 },
	{ MADV_WILLNEED, "WILLNEED", 0, 0 },
	{ MADV_DONTNEED, "DONTNEED", 0, 0 },
	{ MADV_FREE, "FREE", EINVAL, 0 },
	{ MADV_REMOVE, "REMOVE", ENODEV, 0 },
	{ MADV_DONTFORK, "DONTFORK", 0, 0 },
	{ 5000, "unknown", EINVAL, 0 },
	{ MADV_MERGEABLE, "MERGEABLE", 0, 0 },
	{ MADV_UNMERGEABLE, "UNMERGEABLE", 0, 0 },
	{ MADV_HUGEPAGE, "HUGEPAGE", 0, 0 },
	{ MADV_NOHUGEPAGE, "NOHUGEPAGE", 0, 0 },
	{ MADV_DONTDUMP, "DONTDUMP", 0, 0 },
	{ MADV_DODUMP, "DODUMP", EINVAL, 0 },
	{ MADV_WIPEONFORK, "WIPEONFORK", EINVAL, 0 },
	{ MADV_KEEPONFORK, "KEEPONFORK", 0, 0 },
	{ MADV_COLD, "COLD", 0, 0 },
	{ MADV_PAGEOUT, "PAGEOUT", 0, 0 },
	{ MADV_POPULATE_READ, "POPULATE_READ", 0, 514 },
	{ MADV_POPULATE_WRITE, "POPULATE_WRITE", 0, 514 },
	{ ADV_DONTNEED_LOCKED, "DONTNEED_LOCKED", 0, 518 },
	{ ADV_COLLAPSE, "COLLAPSE", EINVAL, 601 },
	{ ADV_GUARD_INSTALL, "GUARD_INSTALL", EINVAL, 613 },
	{ ADV_GUARD_REMOVE, "GUARD_REMOVE", EINVAL, 613 },
};

static size_t size;
static __u64 base;

static bool intact(char *p, __u64 seed)
{
	if (!filled(p, size, seed))
		return false;
	return contiguous(p, size, base);
}

static void advise(int fd, size_t off, size_t len, const char *where)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		int want = kernel() < kinds[i].since ? EINVAL : kinds[i].err;
		char *p = map(fd, size, 0);
		int ret;

		fill(p, size, i);
		ret = madvise(p + off, len, kinds[i].advice);
		if (want)
			fails(ret, want, "%s %s", kinds[i].name, where);
		else
			is(ret ? errno : 0, 0, "%s %s", kinds[i].name, where);
		ok(intact(p, i), "%s %s: nothing changed", kinds[i].name,
		   where);
		munmap(p, size);
	}
}

/* From 7.0 on the kernel refuses this to any mapping that must not grow. */
static void do_fork(int fd)
{
	char *p = map(fd, size, 0);
	int ret = madvise(p, size, MADV_DOFORK);

	if (kernel() >= 700)
		fails(ret, EINVAL, "DOFORK");
	else
		is(ret, 0, "DOFORK");
	munmap(p, size);
}

/* Whether or not the kernel can take a page away, it must not replace it. */
static void soft_offline(int fd)
{
	char *p = map(fd, size, 0);
	int ret;

	fill(p, size, 99);
	ret = madvise(p + 2 * PAGE, PAGE, ADV_SOFT_OFFLINE);
	ok(ret == -1, "SOFT_OFFLINE is refused");
	ok(intact(p, 99), "SOFT_OFFLINE: nothing changed");
	munmap(p, size);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	base = info(fd).phys_addr;
	diag("%s, %zu bytes", argv[1], size);
	advise(fd, 0, size, "of all");
	advise(fd, 3 * PAGE, 2 * PAGE, "of two pages");
	do_fork(fd);
	soft_offline(fd);
	return tap_done();
}
