// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physical memory, page by page, as /proc/zoneinfo and /proc/kpageflags show it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "errors.h"
#include "physmem.h"
#include "util.h"

#define FLAG(name) (1ULL << KPF_##name)

static int by_place(const void *a, const void *b)
{
	const struct zone_span *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return (x->start > y->start) - (x->start < y->start);
}

static void add_span(struct zone_span **list, size_t *n, const struct zone_span *span)
{
	if (span->start == span->end)
		return;
	*list = xrealloc(*list, *n + 1, sizeof(**list));
	(*list)[(*n)++] = *span;
}

size_t zones_read(struct zone_span **zones)
{
	FILE *file = fopen("/proc/zoneinfo", "re");
	struct zone_span span = { .node = 0 };
	uint64_t spanned = 0;
	char line[256], name[32];
	size_t n = 0;

	if (!file)
		err(EXIT_FAILURE, "/proc/zoneinfo");
	*zones = NULL;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Node %d, zone %31s", &span.node, name) == 2) {
			span.movable = !strcmp(name, "Movable");
			spanned = 0;
		} else if (sscanf(line, " start_pfn: %" SCNu64, &span.start) == 1) {
			span.end = span.start + spanned;
			add_span(zones, &n, &span);
		} else if (sscanf(line, " spanned %" SCNu64, &spanned) == 1) {
			continue;
		}
	}
	fclose(file);
	if (!n)
		errx(EXIT_FAILURE, "/proc/zoneinfo: no zone has memory");
	qsort(*zones, n, sizeof(**zones), by_place);
	return n;
}

static void read_buffers(struct physmem *mem)
{
	uint64_t page = sysconf(_SC_PAGESIZE);
	struct buffer *list;
	size_t i, n = buffers_read(&list);

	for (i = 0; i < n; i++) {
		uint64_t addr = strtoull(list[i].phys_addr, NULL, 16);
		struct zone_span span = {
			.start = addr / page,
			.end = (addr + list[i].size + page - 1) / page,
		};

		if (list[i].phys_addr[0])
			add_span(&mem->buffers, &mem->nbuffers, &span);
	}
	free(list);
	if (mem->nbuffers)
		qsort(mem->buffers, mem->nbuffers, sizeof(*mem->buffers), by_place);
}

void physmem_open(struct physmem *mem)
{
	memset(mem, 0, sizeof(*mem));
	mem->fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	if (mem->fd < 0) {
		warn("/proc/kpageflags");
		if (errno == EACCES || errno == EPERM)
			advise("only root may look at physical memory: use sudo");
		exit(EXIT_FAILURE);
	}
	mem->nzones = zones_read(&mem->zones);
	read_buffers(mem);
}

void physmem_close(struct physmem *mem)
{
	close(mem->fd);
	free(mem->zones);
	free(mem->buffers);
}

void physmem_rewind(struct physmem *mem)
{
	mem->next = 0;
}

static bool in_buffer(struct physmem *mem, uint64_t pfn)
{
	while (mem->next < mem->nbuffers && mem->buffers[mem->next].end <= pfn)
		mem->next++;
	return mem->next < mem->nbuffers && mem->buffers[mem->next].start <= pfn;
}

static bool in_movable_zone(const struct physmem *mem, uint64_t pfn)
{
	size_t i;

	for (i = 0; i < mem->nzones; i++) {
		const struct zone_span *zone = &mem->zones[i];

		if (zone->movable && zone->start <= pfn && pfn < zone->end)
			return true;
	}
	return false;
}

/* Older kernels show LRU for the head of a compound page only. */
static bool is_movable(struct physmem *mem, uint64_t flags)
{
	if (!(flags & FLAG(COMPOUND_TAIL)))
		mem->movable = flags & FLAG(LRU);
	return mem->movable;
}

static enum page_kind kind_of(struct physmem *mem, uint64_t pfn, uint64_t flags)
{
	bool movable = is_movable(mem, flags);

	if (in_buffer(mem, pfn))
		return PAGE_KSHM;
	if (flags & FLAG(NOPAGE))
		return PAGE_HOLE;
	if (flags & (FLAG(HWPOISON) | FLAG(HUGE)) || in_movable_zone(mem, pfn))
		return PAGE_UNMOVABLE;
	if (flags & FLAG(BUDDY))
		return PAGE_FREE;
	return movable ? PAGE_MOVABLE : PAGE_UNMOVABLE;
}

void physmem_read(struct physmem *mem, uint64_t pfn, size_t n, unsigned char *kinds)
{
	uint64_t flags[1024];
	size_t i, some;
	ssize_t got;

	for (; n; n -= some, pfn += some) {
		some = n < ARRAY_SIZE(flags) ? n : ARRAY_SIZE(flags);
		got = pread(mem->fd, flags, some * sizeof(*flags), pfn * sizeof(*flags));
		if (got < 0)
			err(EXIT_FAILURE, "/proc/kpageflags");
		/* The file ends with the last page frame. */
		for (i = got / sizeof(*flags); i < some; i++)
			flags[i] = FLAG(NOPAGE);
		for (i = 0; i < some; i++)
			*kinds++ = kind_of(mem, pfn + i, flags[i]);
	}
}
