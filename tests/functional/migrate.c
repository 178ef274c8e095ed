// SPDX-License-Identifier: GPL-2.0-only
/*
 * migrate SIZE TMPFS-FILE DISK-FILE: pages of each kind lie all over the
 * memory, so that a buffer cannot be made without moving them. All of them
 * keep their contents, while the program uses them.
 */
#include "guest.h"

#include <pthread.h>

#include "configfs.h"
#include "memory.h"

#define STRIDE	32	/* one page in so many, for each kind */

/* Memory of one kind, its contents, and where its pages were. */
static struct kind {
	const char *name;
	const char *path;
	bool locked;
	size_t pages;
	char *p;
	__u64 *phys;
} kinds[] = {
	{ .name = "anonymous" },
	{ .name = "locked", .locked = true },
	{ .name = "tmpfs" },
	{ .name = "page cache" },
};

static bool stop;
static unsigned long uses;	/* of one page each */

static void make(struct kind *k, size_t pages)
{
	size_t len = pages * PAGE;

	k->pages = pages;
	k->phys = anon(pages * sizeof(*k->phys));
	if (k->path) {
		int fd = xopen(k->path, O_RDWR | O_CREAT | O_TRUNC);

		if (ftruncate(fd, len))
			bail("ftruncate");
		k->p = map(fd, len, 0);
		/* page by page, not ahead */
		madvise(k->p, len, MADV_RANDOM);
	} else {
		k->p = anon(len);
		madvise(k->p, len, MADV_NOHUGEPAGE);
	}
}

/* One page of each kind between pages that are given back later. */
static void scatter(size_t size)
{
	size_t pages = size / PAGE / STRIDE, i, n;
	char *rest;

	for (n = 0; n < ARRAY_SIZE(kinds); n++)
		make(&kinds[n], pages);
	rest = anon(size);
	madvise(rest, size, MADV_NOHUGEPAGE);
	for (i = 0; i < pages; i++) {
		for (n = 0; n < ARRAY_SIZE(kinds); n++)
			fill(kinds[n].p + i * PAGE, PAGE, i);
		for (n = 0; n < STRIDE - ARRAY_SIZE(kinds); n++)
			rest[(i * STRIDE + n) * PAGE] = 1;
	}
	for (n = 0; n < ARRAY_SIZE(kinds); n++)
		if (kinds[n].locked && mlock(kinds[n].p, pages * PAGE))
			bail("mlock");
	munmap(rest, size);
}

static bool page_right(const struct kind *k, size_t i)
{
	return filled(k->p + i * PAGE, PAGE, i);
}

static bool right(const struct kind *k)
{
	size_t i;

	for (i = 0; i < k->pages; i++)
		if (!page_right(k, i))
			return false;
	return true;
}

/* Reads each page and writes it anew, all the time. */
static void *use(void *arg)
{
	static bool good = true;
	size_t n, i;

	for (i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
		for (n = 0; n < ARRAY_SIZE(kinds); n++) {
			struct kind *k = &kinds[n];
			size_t page = i % k->pages;

			good = good && page_right(k, page);
			fill(k->p + page * PAGE, PAGE, page);
			__atomic_fetch_add(&uses, 1, __ATOMIC_RELAXED);
		}
	}
	(void)arg;
	return &good;
}

static void locate(struct kind *k, __u64 *phys)
{
	touch(k->p, k->pages * PAGE);
	phys_pages(k->p, k->pages, phys);
}

static size_t moved(struct kind *k)
{
	__u64 *phys = anon(k->pages * sizeof(*phys));
	size_t i, n = 0;

	locate(k, phys);
	for (i = 0; i < k->pages; i++)
		n += phys[i] != k->phys[i];
	munmap(phys, k->pages * sizeof(*phys));
	return n;
}

/* The buffer's memory must not be the program's too. */
static size_t shared(struct kind *k, const struct kshm_info *i)
{
	size_t page, n = 0;

	locate(k, k->phys);
	for (page = 0; page < k->pages; page++)
		n += k->phys[page] >= i->phys_addr &&
		     k->phys[page] < i->phys_addr + i->size;
	return n;
}

int main(int argc, char **argv)
{
	struct kshm_info i;
	unsigned long before;
	pthread_t user;
	size_t size, n;
	void *good;
	char *p;
	int fd;

	if (argc != 4)
		return 2;
	size = strtoull(argv[1], NULL, 0);
	kinds[2].path = argv[2];
	kinds[3].path = argv[3];
	scatter((free_memory() - 96 * MIB) & -(PAGE * STRIDE));
	for (n = 0; n < ARRAY_SIZE(kinds); n++)
		locate(&kinds[n], kinds[n].phys);

	pthread_create(&user, NULL, use, NULL);
	do
		before = __atomic_load_n(&uses, __ATOMIC_RELAXED);
	while (!before);
	fd = buffer_make("a", size);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(user, &good);
	i = info(fd);
	ok(uses > before, "a program uses its memory meanwhile");
	diag("%lu pages", uses - before);
	ok(*(bool *)good, "it notices nothing");

	for (n = 0; n < ARRAY_SIZE(kinds); n++) {
		size_t pages = moved(&kinds[n]);

		ok(pages, "%s memory was moved", kinds[n].name);
		diag("%zu of %zu pages", pages, kinds[n].pages);
	}
	p = map(fd, size, 0);
	fill(p, size, 1000000);
	for (n = 0; n < ARRAY_SIZE(kinds); n++) {
		is(shared(&kinds[n], &i), 0, "%s memory: apart from the buffer",
		   kinds[n].name);
		ok(right(&kinds[n]), "%s memory has its contents",
		   kinds[n].name);
	}
	ok(filled(p, size, 1000000), "and so has the buffer");
	munmap(p, size);
	close(fd);
	buffer_drop("a");
	for (n = 0; n < ARRAY_SIZE(kinds); n++)
		ok(right(&kinds[n]), "%s memory has it afterwards",
		   kinds[n].name);
	return tap_done();
}
