// SPDX-License-Identifier: GPL-2.0-only
/*
 * migrate SIZE TMPFS-FILE DISK-FILE: pages of each kind are scattered over the
 * whole memory, so that a buffer cannot be created without migrating some. All
 * keep their contents while the program uses them.
 */
#include "base.h"

#include <pthread.h>

#include "configfs.h"
#include "device.h"
#include "memory.h"
#include "pagemap.h"
#include "pattern.h"

#define STRIDE	32	/* one page of each kind in this number of pages */
#define STEP	(8 * MIB)	/* from one place for the buffer to the next */

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

static bool stop_flag;
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
		/* no readahead */
		madvise(k->p, len, MADV_RANDOM);
	} else {
		k->p = anon(len);
		madvise(k->p, len, MADV_NOHUGEPAGE);
	}
}

/* One page of each kind between pages that are freed at the end. */
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

static bool page_is_right(const struct kind *k, size_t i)
{
	return filled(k->p + i * PAGE, PAGE, i);
}

static bool is_right(const struct kind *k)
{
	size_t i;

	for (i = 0; i < k->pages; i++)
		if (!page_is_right(k, i))
			return false;
	return true;
}

/* Read each page and write it again, all the time. */
static void *use(void *arg)
{
	static bool good = true;
	size_t n, i;

	for (i = 0; !stopped(&stop_flag); i++) {
		for (n = 0; n < ARRAY_SIZE(kinds); n++) {
			struct kind *k = &kinds[n];
			size_t page = i % k->pages;

			good = good && page_is_right(k, page);
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

static size_t migrated(struct kind *k)
{
	__u64 *phys = anon(k->pages * sizeof(*phys));
	size_t i, n = 0;

	locate(k, phys);
	for (i = 0; i < k->pages; i++)
		n += phys[i] != k->phys[i];
	munmap(phys, k->pages * sizeof(*phys));
	return n;
}

/* Pages that are in the buffer, too: there must not be any. */
static size_t in_buffer(struct kind *k, const struct kshm_info *i)
{
	size_t page, n = 0;

	locate(k, k->phys);
	for (page = 0; page < k->pages; page++)
		n += k->phys[page] >= i->phys_addr &&
		     k->phys[page] < i->phys_addr + i->size;
	return n;
}

/* Whether some pages of each kind are in this range of physical memory. */
static bool has_all_kinds(__u64 start, __u64 end)
{
	size_t n, page, found;

	for (n = 0; n < ARRAY_SIZE(kinds); n++) {
		for (page = 0, found = 0; page < kinds[n].pages; page++)
			found += kinds[n].phys[page] >= start &&
				 kinds[n].phys[page] < end;
		if (found < 16)
			return false;
	}
	return true;
}

static __u64 highest_page(void)
{
	__u64 highest = 0;
	size_t n, page;

	for (n = 0; n < ARRAY_SIZE(kinds); n++)
		for (page = 0; page < kinds[n].pages; page++)
			if (kinds[n].phys[page] > highest)
				highest = kinds[n].phys[page];
	return highest;
}

/*
 * A buffer for which pages of each kind must be migrated. Not every place will
 * do: some have pages of the kernel.
 */
static int make_buffer(const char *name, size_t size)
{
	__u64 start, end = highest_page();
	unsigned int refused = 0;
	char bound[32];

	buffer_prepare(name, size);
	for (start = 0; start + size <= end; start += STEP) {
		if (!has_all_kinds(start, start + size))
			continue;
		sprintf(bound, "%#llx", start);
		configfs_set(name, "addr_min", bound);
		sprintf(bound, "%#llx", start + size - 1);
		configfs_set(name, "addr_max", bound);
		if (configfs_try(name, "live", "1")) {
			diag("a buffer at %#llx, after %u places were refused",
			     start, refused);
			return buffer_open(name);
		}
		refused++;
	}
	bail("a buffer in one of %u places", refused);
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

	errno = pthread_create(&user, NULL, use, NULL);
	if (errno)
		bail("pthread_create");
	do
		before = __atomic_load_n(&uses, __ATOMIC_RELAXED);
	while (!before);
	fd = make_buffer("a", size);
	stop(&stop_flag);
	pthread_join(user, &good);
	i = info(fd);
	ok(uses > before, "the program used %lu pages during the migration",
	   uses - before);
	ok(*(bool *)good,
	   "the program saw the right contents during the migration");

	for (n = 0; n < ARRAY_SIZE(kinds); n++) {
		size_t pages = migrated(&kinds[n]);

		ok(pages, "%s memory: %zu of %zu pages were migrated",
		   kinds[n].name, pages, kinds[n].pages);
	}
	p = map(fd, size, 0);
	fill(p, size, 1000000);
	for (n = 0; n < ARRAY_SIZE(kinds); n++) {
		is(in_buffer(&kinds[n], &i), 0,
		   "%s memory: pages inside of the buffer", kinds[n].name);
		ok(is_right(&kinds[n]), "%s memory has its contents",
		   kinds[n].name);
	}
	ok(filled(p, size, 1000000), "the buffer has its contents");
	munmap(p, size);
	close(fd);
	buffer_drop("a");
	for (n = 0; n < ARRAY_SIZE(kinds); n++)
		ok(is_right(&kinds[n]), "%s memory has its contents after the buffer was removed",
		   kinds[n].name);
	return tap_done();
}
