// SPDX-License-Identifier: GPL-2.0-only
/*
 * reload-leak: load and unload the module many times, and compare the number of
 * free pages and of objects in each slab cache before and after.
 *
 * A leak of one page or one object in each round adds up to the number of
 * rounds. Free pages can be counted well: a quarter of this number fails the
 * test. The kernel splits huge pages of its own mapping of memory where it puts
 * a module's code, and never joins them again; those page tables are no leak.
 * Objects in the per-processor lists of a cache count as used. So the program
 * stays on one processor, shrinks all caches, takes the best of several
 * measurements, and fails from three quarters of the rounds on, which is more
 * than the objects of one slab. The test also shows that it would see such
 * leaks.
 */
#include "base.h"

#include <sched.h>
#include <sys/resource.h>

#include "clock.h"
#include "device.h"
#include "kernel.h"
#include "memory.h"

#define MAX_CACHES	512
#define MEASUREMENTS	4
#define ROUNDS		1000
#define PAGES_LIMIT	(ROUNDS / 4)
#define OBJECTS_LIMIT	(ROUNDS * 3 / 4)

struct memory {
	long free_pages;
	int caches;
	struct {
		char name[64];
		long objects;
	} cache[MAX_CACHES];
};

static void shrink_caches(void)
{
	const char *dir = "/sys/kernel/slab";
	struct dirent *e;
	char path[512];
	DIR *d = opendir(dir);

	if (!d)
		bail("%s", dir);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/shrink", dir, e->d_name);
		put(path, "1");
	}
	closedir(d);
}

/* Page tables of the kernel's own mapping: one for each split huge page. */
static long kernel_tables(void)
{
	const char *text = strstr(slurp("/proc/meminfo"), "DirectMap4k:");
	long kb;

	if (!text || sscanf(text, "DirectMap4k: %ld kB", &kb) != 1)
		bail("DirectMap4k");
	return kb / (long)(HUGE / KIB);
}

static void read_objects(struct memory *m)
{
	FILE *f = fopen("/proc/slabinfo", "re");
	char line[512];

	if (!f)
		bail("/proc/slabinfo");
	m->caches = 0;
	while (fgets(line, sizeof(line), f) && m->caches < MAX_CACHES)
		m->caches += sscanf(line, "%63s %ld",
				    m->cache[m->caches].name,
				    &m->cache[m->caches].objects) == 2;
	fclose(f);
}

static long objects(const struct memory *m, const char *cache)
{
	int i;

	for (i = 0; i < m->caches; i++)
		if (!strcmp(m->cache[i].name, cache))
			return m->cache[i].objects;
	return -1;
}

/* The most free pages and the fewest objects of several measurements. */
static void measure(struct memory *m)
{
	static struct memory now;
	int i, c;

	memset(m, 0, sizeof(*m));
	for (i = 0; i < MEASUREMENTS; i++) {
		put("/proc/sys/vm/drop_caches", "3");
		nap_ms(200);
		shrink_caches();
		read_objects(&now);
		now.free_pages = free_pages() + kernel_tables();
		for (c = 0; i && c < now.caches; c++) {
			long old = objects(m, now.cache[c].name);

			if (old >= 0 && old < now.cache[c].objects)
				now.cache[c].objects = old;
		}
		if (now.free_pages < m->free_pages)
			now.free_pages = m->free_pages;
		*m = now;
	}
}

static struct memory before, after;

/* The largest number of objects that a cache has lost, and this cache. */
static long lost_objects(const char **cache)
{
	long most = 0;
	int i;

	*cache = "none";
	for (i = 0; i < after.caches; i++) {
		const char *name = after.cache[i].name;
		long old = objects(&before, name);
		long lost = after.cache[i].objects - (old < 0 ? 0 : old);

		if (lost > most) {
			most = lost;
			*cache = name;
		}
	}
	return most;
}

static void use(const char *path)
{
	int fd = xopen(path, O_RDWR);
	size_t size = lseek(fd, 0, SEEK_END);
	char *p = map(fd, size, 0);

	p[0] = 1;
	p[size - 1] = 1;
	if (pwrite(fd, "x", 1, size / 2) != 1)
		bail("pwrite");
	munmap(p, size);
	close(fd);
}

static void use_all(void)
{
	char path[32];
	int i;

	for (i = 0; ; i++) {
		snprintf(path, sizeof(path), "/dev/kshm%d", i);
		if (access(path, F_OK))
			break;
		attr(i, "phys_addr");
		use(path);
	}
}

/* One round; @err is the errno of loading, 0 for success. */
static void cycle(const char *params, int err)
{
	if (err) {
		if (!module_load(params) || errno != err)
			bail("load %s: want errno %d", params, err);
		return;
	}
	if (module_load(params))
		bail("load %s", params);
	use_all();
	if (module_unload())
		bail("unload");
}

static void repeat(const char *params, int err)
{
	const char *cache;
	long pages, lost;
	long long time;
	int i;

	for (i = 0; i < 10; i++)
		cycle(params, err);
	measure(&before);
	time = now_ms();
	for (i = 0; i < ROUNDS; i++)
		cycle(params, err);
	time = now_ms() - time;
	measure(&after);
	pages = before.free_pages - after.free_pages;
	lost = lost_objects(&cache);
	diag("%s: %d rounds, %lld ms each; %ld pages, %ld objects of %s",
	     params, ROUNDS, time / ROUNDS, pages, lost, cache);
	ok(pages < PAGES_LIMIT, "%s: %d rounds lose fewer than %d pages",
	   params, ROUNDS, PAGES_LIMIT);
	ok(lost < OBJECTS_LIMIT,
	   "%s: %d rounds lose fewer than %d objects of any slab cache",
	   params, ROUNDS, OBJECTS_LIMIT);
}

/* Leak one page and one object in each round. */
static void sensitive(void)
{
	const struct rlimit many = { 2 * ROUNDS, 2 * ROUNDS };
	const char *cache;
	int i;

	if (setrlimit(RLIMIT_NOFILE, &many))
		bail("RLIMIT_NOFILE");
	measure(&before);
	memset(anon(ROUNDS * PAGE), 1, ROUNDS * PAGE);
	for (i = 0; i < ROUNDS; i++)
		xopen("/dev/null", O_RDONLY);
	measure(&after);
	ok(before.free_pages - after.free_pages >= PAGES_LIMIT,
	   "the test sees a leak of %d pages", ROUNDS);
	ok(lost_objects(&cache) >= OBJECTS_LIMIT,
	   "the test sees a leak of %d objects", ROUNDS);
}

int main(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		bail("sched_setaffinity");
	repeat("buffers=64K,2M,3M,4M", 0);
	/* the last one is in System RAM */
	repeat("buffers=4K,a:64K,4K@" RAM_TEXT, EBUSY);
	sensitive();
	return tap_done();
}
