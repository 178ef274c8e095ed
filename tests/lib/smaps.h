/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel counts for a mapping: resident bytes, huge entries, faults. */
#ifndef SMAPS_H
#define SMAPS_H

#include <sys/resource.h>

#include "base.h"
#include "pagemap.h"

/*
 * A figure of /proc/self/smaps in bytes, summed over the mappings that begin
 * in a range; -1 when there is none.
 */
static inline long long smaps_sum(const void *addr, size_t len, const char *field)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long start, end, kb;
	long long sum = -1;
	bool inside = false;
	char line[512];
	size_t n = strlen(field);

	if (!f)
		bail("/proc/self/smaps");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2) {
			inside = start >= (uintptr_t)addr &&
				 start < (uintptr_t)addr + len;
		} else if (inside && !strncmp(line, field, n) &&
			   line[n] == ':' &&
			   sscanf(line + n + 1, "%lu", &kb) == 1) {
			sum = (sum < 0 ? 0 : sum) + (long long)kb * 1024;
		}
	}
	fclose(f);
	return sum;
}

/* Bytes that huge page-table entries map. */
static inline long long huge_mapped(const void *addr, size_t len)
{
	return smaps_sum(addr, len, "FilePmdMapped");
}

/* Page faults of this process so far that needed no I/O. */
static inline long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Page faults that it takes to read each page of a range. */
static inline long faults_of(const void *p, size_t len)
{
	long before = faults();

	touch(p, len);
	return faults() - before;
}

#endif /* SMAPS_H */
