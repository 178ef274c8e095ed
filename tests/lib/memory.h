/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory is free, exactly. */
#ifndef MEMORY_H
#define MEMORY_H

#include "base.h"
#include "kernel.h"

/*
 * Pages of slabs where the kernel is built with KASAN, else 0: KASAN delays for
 * a long time what is freed there.
 */
static inline long slab_pages(void)
{
	char line[256];
	long pages = 0, n;
	FILE *f;

	if (!kasan())
		return 0;
	f = fopen("/proc/vmstat", "re");
	if (!f)
		bail("/proc/vmstat");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "nr_slab_reclaimable %ld", &n) == 1 ||
		    sscanf(line, "nr_slab_unreclaimable %ld", &n) == 1)
			pages += n;
	fclose(f);
	return pages;
}

/*
 * Pages of the stack traces that the kernel's checks have recorded: each is
 * stored once and never freed.
 */
static inline long stack_pages(void)
{
	FILE *f = fopen("/sys/kernel/debug/stackdepot/stats", "re");
	long bytes = 0;
	char line[256];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "persistent_bytes: %ld", &bytes) == 1)
			break;
	fclose(f);
	return bytes / (long)PAGE;
}

/*
 * Pages of KASAN's shadow of vmalloc addresses, which stays until those are
 * purged: up to 3072 pages after memremap() of carveouts. Known where the
 * kernel has page_owner=on.
 */
static inline long shadow_pages(void)
{
	const char *path = "/sys/kernel/debug/page_owner_stacks/show_stacks";
	FILE *f = kasan() ? fopen(path, "re") : NULL;
	bool shadow = false;
	char line[256];
	long pages = 0, n;

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (strstr(line, " kasan_populate_vmalloc+")) {
			shadow = true;
		} else if (sscanf(line, "nr_base_pages: %ld", &n) == 1) {
			pages += shadow ? n : 0;
			shadow = false;
		}
	}
	fclose(f);
	return pages;
}

/*
 * Free pages, including those on the lists of each processor. Each processor
 * also counts changes by itself, until the write to stat_refresh.
 */
static inline long free_pages(void)
{
	int fd = xopen("/proc/sys/vm/stat_refresh", O_WRONLY);
	FILE *f = fopen("/proc/zoneinfo", "re");
	long pages = 0, n;
	char line[256];

	if (write(fd, "1", 1) != 1 || !f)
		bail("/proc/zoneinfo");
	close(fd);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " pages free %ld", &n) == 1 ||
		    sscanf(line, " count: %ld", &n) == 1)
			pages += n;
	fclose(f);
	if (!pages)
		bail("no free pages");
	return pages + slab_pages() + stack_pages() + shadow_pages();
}

static inline long long free_memory(void)
{
	return free_pages() * (long long)PAGE;
}

#endif /* MEMORY_H */
