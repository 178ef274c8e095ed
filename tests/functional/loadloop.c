// SPDX-License-Identifier: GPL-2.0-only
/*
 * Load and unload the module many times and compare free pages and the number
 * of objects in each slab cache before and after.
 *
 * Both waver: each processor has free pages and objects at hand, which count
 * as used. So all rounds run on processor 1, and to measure, the program moves
 * to processor 0, takes processor 1 offline, which gives back all that it had,
 * drops what can be dropped and shrinks all caches. Taking a processor offline
 * and online itself costs some memory; that is measured first, and taken off. A
 * leak of one page or one object a round is as many as there are rounds; three
 * quarters of that fail the test. That such a leak would be seen is part of the
 * test. Of the smallest objects 512 share a page and count together, so that
 * they get some more slack.
 */
#include "guest.h"

#include <dirent.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>

#define MAX_CACHES 512
#define SLAB_SLACK 600

struct memory {
	long free_pages;
	int caches;
	struct {
		char name[64];
		long objects;
	} cache[MAX_CACHES];
};

static void put(const char *path, const char *text)
{
	int fd = xopen(path, O_WRONLY);

	if (write(fd, text, strlen(text)) < 0)
		bail("write %s", path);
	close(fd);
}

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

static long free_pages(void)
{
	const char *text = strstr(slurp("/proc/meminfo"), "MemFree:");
	long kb;

	if (!text || sscanf(text, "MemFree: %ld kB", &kb) != 1)
		bail("MemFree");
	return kb / (long)(PAGE / KIB);
}

static void count_objects(struct memory *m)
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

static void run_on(int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		bail("sched_setaffinity");
}

static void measure(struct memory *m)
{
	const struct timespec nap = { .tv_nsec = 300000000 };

	run_on(0);
	put("/sys/devices/system/cpu/cpu1/online", "0");
	put("/proc/sys/vm/drop_caches", "3");
	nanosleep(&nap, NULL);
	shrink_caches();
	slurp("/proc/sys/vm/stat_refresh");
	m->free_pages = free_pages();
	count_objects(m);
	put("/sys/devices/system/cpu/cpu1/online", "1");
	run_on(1);
}

static long objects(const struct memory *m, const char *cache)
{
	int i;

	for (i = 0; i < m->caches; i++)
		if (!strcmp(m->cache[i].name, cache))
			return m->cache[i].objects;
	return 0;
}

/* Three measurements: at first, after nothing was done, and at the end. */
static struct memory first, idle, last;

static long lost_pages(void)
{
	return idle.free_pages - last.free_pages -
	       (first.free_pages - idle.free_pages);
}

/* The most objects that any cache lost, and which. */
static long lost_objects(const char **cache)
{
	long most = 0;
	int i;

	*cache = "none";
	for (i = 0; i < last.caches; i++) {
		const char *name = last.cache[i].name;
		long before = objects(&idle, name);
		long lost = last.cache[i].objects - before -
			    (before - objects(&first, name));

		if (lost > most) {
			most = lost;
			*cache = name;
		}
	}
	return most;
}

static void use(void)
{
	int fd = xopen("/dev/kshm0", O_RDWR);
	size_t size = lseek(fd, 0, SEEK_END);
	char *p = map(fd, size, 0);

	p[0] = 1;
	p[size - 1] = 1;
	if (pwrite(fd, "x", 1, size / 2) != 1)
		bail("pwrite");
	attr(0, "phys_addr");
	munmap(p, size);
	close(fd);
}

/* One round; err is what loading gives, 0 for success. */
static void cycle(const char *params, int err)
{
	if (err) {
		if (!module_load(params) || errno != err)
			bail("load %s: want errno %d", params, err);
		return;
	}
	if (module_load(params))
		bail("load %s", params);
	if (!strstr(params, "none"))
		use();
	if (module_unload())
		bail("unload");
}

static void repeat(const char *params, int err, int count)
{
	struct timespec t0, t1;
	const char *cache;
	long pages, lost, slack;
	int i;

	for (i = 0; i < 10; i++)
		cycle(params, err);
	measure(&first);
	measure(&idle);
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (i = 0; i < count; i++)
		cycle(params, err);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	measure(&last);
	pages = lost_pages();
	lost = lost_objects(&cache);
	diag("%s: %d rounds, %ld ms each; %ld pages, %ld objects of %s",
	     params, count,
	     ((t1.tv_sec - t0.tv_sec) * 1000 +
	      (t1.tv_nsec - t0.tv_nsec) / 1000000) / count,
	     pages, lost, cache);
	slack = 3 * count / 4;
	ok(pages < slack, "%s: %d rounds lose no page", params, count);
	if (slack < SLAB_SLACK)
		slack = SLAB_SLACK;
	ok(lost < slack, "%s: nor a slab object", params);
}

/* What one page and one object a round would look like. */
static void sensitive(int count)
{
	const struct rlimit many = { 2 * count, 2 * count };
	const char *cache;
	int i;

	if (setrlimit(RLIMIT_NOFILE, &many))
		bail("RLIMIT_NOFILE");
	measure(&first);
	measure(&idle);
	memset(anon(count * PAGE), 1, count * PAGE);
	for (i = 0; i < count; i++)
		xopen("/dev/null", O_RDONLY);
	measure(&last);
	ok(lost_pages() >= count / 2, "%d lost pages would be seen", count);
	ok(lost_objects(&cache) >= count / 2,
	   "%d lost objects would be seen", count);
}

int main(void)
{
	run_on(1);
	repeat("buffers=64K", 0, 1000);
	repeat("buffers=a:4K,b:12K,2M,3M,c:4M", 0, 400);
	repeat("buffers=4K,2M,3M,4K@0x1000000", EBUSY, 300);
	sensitive(250);
	return tap_done();
}
