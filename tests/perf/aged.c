// SPDX-License-Identifier: GPL-2.0-only
/*
 * aged LABEL: what memory offers at this moment. The memory that is available;
 * the size that the driver says would succeed, whether it does, and the time; the
 * time of a request that is refused; how many 2 MiB huge pages hugetlbfs gets;
 * and by /proc/kpageflags the 2 MiB blocks with pages that cannot be migrated.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "way.h"

#define MIB		(1UL << 20)
#define PAGE		4096UL
#define BLOCK		512
#define BLOCK_SIZE	(BLOCK * PAGE)
#define TRIES		20
#define DIRECTORY	"/sys/kernel/config/kshm/aged"
#define NR_HUGE		"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"

/* The kernel shows it, but not in the header for programs. */
#define KPF_RESERVED	32

/*
 * Why a page cannot be migrated. OTHER: kernel stacks, pipes, vmalloc and the like;
 * and movable pages to which somebody holds a reference.
 */
enum kind { MOVABLE, SLAB, TABLE, RESERVED, OTHER, KINDS };

static const char * const names[KINDS] = {
	[MOVABLE] = "none", [SLAB] = "slab", [TABLE] = "table", [RESERVED] = "reserved",
	[OTHER] = "other",
};

static const char *label;

static void labelled(const char *line, const char *way, double value)
{
	char name[128];

	snprintf(name, sizeof(name), "%s-%s", line, label);
	figure(name, way, 0, value);
}

static enum kind page_kind(uint64_t flags)
{
	if (flags & (1ULL << KPF_NOPAGE | 1ULL << KPF_RESERVED))
		return RESERVED;
	if (flags & 1ULL << KPF_SLAB)
		return SLAB;
	if (flags & 1ULL << KPF_PGTABLE)
		return TABLE;
	if (flags & 1ULL << KPF_HWPOISON)
		return OTHER;
	if (flags & (1ULL << KPF_BUDDY | 1ULL << KPF_LRU))
		return MOVABLE;
	return OTHER;
}

static void attribute(const char *name, uint64_t value)
{
	char path[128];

	snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	write_file(path, "%llu\n", (unsigned long long)value);
}

/* The driver is asked for a buffer in this block, and nowhere else. */
static bool is_usable(size_t block)
{
	attribute("addr_max", 0);
	attribute("addr_min", block * BLOCK_SIZE);
	attribute("addr_max", (block + 1) * BLOCK_SIZE - 1);
	return read_number(DIRECTORY "/largest", "") == BLOCK_SIZE;
}

/*
 * What a block holds, a bit for each kind. A free page on the list of a processor
 * has no flags, as the pages of the kernel; so only the driver tells which
 * blocks are unusable, and the flags why.
 */
static bool read_block(int fd, unsigned int *kinds, size_t *pages)
{
	uint64_t flags[BLOCK];
	int i;

	if (read(fd, flags, sizeof(flags)) != sizeof(flags))
		return false;
	*kinds = 0;
	for (i = 0; i < BLOCK; i++) {
		*kinds |= 1 << page_kind(flags[i]);
		pages[page_kind(flags[i])]++;
	}
	return true;
}

/* The longest run of blocks if one kind were not in the way. */
struct run {
	size_t now, longest;
};

static void survey(void)
{
	size_t block, i, unusable = 0, blocks[KINDS] = { 0 };
	size_t pages[KINDS] = { 0 };
	struct run runs[KINDS] = { 0 };
	unsigned int kinds;
	char line[64];
	int fd = open("/proc/kpageflags", O_RDONLY);

	if (fd < 0)
		die("/proc/kpageflags");
	if (mkdir(DIRECTORY, 0700))
		die(DIRECTORY);
	for (block = 0; read_block(fd, &kinds, pages); block++) {
		if (is_usable(block))
			kinds = 0;
		else if (kinds & (1 << SLAB | 1 << TABLE | 1 << RESERVED))
			kinds &= 1 << SLAB | 1 << TABLE | 1 << RESERVED;
		else
			kinds = 1 << OTHER;
		unusable += !!kinds;
		for (i = 0; i < KINDS; i++) {
			blocks[i] += !!(kinds & 1 << i);
			if (kinds & ~(1 << i))
				runs[i].now = 0;
			else if (++runs[i].now > runs[i].longest)
				runs[i].longest = runs[i].now;
		}
	}
	close(fd);
	rmdir(DIRECTORY);
	labelled("blocks", "kshm", block);
	labelled("unusable", "kshm", unusable);
	for (i = 0; i < KINDS; i++) {
		snprintf(line, sizeof(line), "run-without-%s", names[i]);
		labelled(line, "kshm", runs[i].longest * BLOCK_SIZE);
		snprintf(line, sizeof(line), "blocks-%s", names[i]);
		labelled(line, "kshm", blocks[i]);
		snprintf(line, sizeof(line), "pages-%s", names[i]);
		labelled(line, "kshm", pages[i]);
	}
}

static uint64_t foretold(void)
{
	uint64_t size;

	if (mkdir(DIRECTORY, 0700))
		die(DIRECTORY);
	size = read_number(DIRECTORY "/largest", "");
	if (rmdir(DIRECTORY))
		die(DIRECTORY);
	return size;
}

/* Whether so much succeeds, and the time. */
static bool request(const struct way *way, uint64_t size, uint64_t *time)
{
	struct area area = { .size = size };
	uint64_t start = now();
	bool good = way->take(&area);

	*time = now() - start;
	if (good)
		way->drop(&area);
	return good;
}

/*
 * What succeeds may be less than what is foretold, as only an attempt shows all,
 * or more, as an attempt moves pages away.
 */
static void measure_kshm(const struct way *way)
{
	uint64_t size = 0, time = 0, more, refused;
	int tries = 0;

	do {
		more = foretold();
		if (!tries)
			labelled("foretold", "kshm", more);
		if (request(way, more, &time))
			size = more;
	} while (!size && more && ++tries < TRIES);
	labelled("refused", "kshm", tries);
	for (;;) {
		more = size + size / 8 + 16 * MIB;
		more -= more % PAGE;
		if (!request(way, more, &refused))
			break;
		size = more;
		time = refused;
	}
	labelled("largest", "kshm", size);
	labelled("largest-time", "kshm", time);
	labelled("refused-time", "kshm", refused);
}

static void measure_hugetlb(void)
{
	uint64_t start = now();

	write_file(NR_HUGE, "%llu\n",
		   (unsigned long long)read_number("/proc/meminfo", "MemTotal:") *
		   1024 / BLOCK_SIZE);
	labelled("largest-time", "hugetlb", now() - start);
	labelled("largest", "hugetlb",
		 read_number(NR_HUGE, "") * (double)BLOCK_SIZE);
	write_file(NR_HUGE, "0\n");
}

int main(int argc, char **argv)
{
	const struct way *way = find_way("kshm");

	if (argc != 2)
		return 2;
	label = argv[1];

	labelled("available", "kshm",
		 read_number("/proc/meminfo", "MemAvailable:") * 1024.0);
	labelled("free", "kshm",
		 read_number("/proc/meminfo", "MemFree:") * 1024.0);
	survey();
	measure_kshm(way);
	/* The last, as it frees and compacts memory by itself. */
	measure_hugetlb();
	return 0;
}
