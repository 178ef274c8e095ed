/* SPDX-License-Identifier: GPL-2.0-only */
/* How much memory is free, exactly. After guest.h. */
#ifndef MEMORY_H
#define MEMORY_H

/*
 * Free pages, those on the lists of each processor included. Each processor
 * also counts for itself for a while, until the first write here.
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
	return pages;
}

static inline long long free_memory(void)
{
	return free_pages() * (long long)PAGE;
}

#endif /* MEMORY_H */
