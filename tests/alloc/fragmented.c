// SPDX-License-Identifier: GPL-2.0-only
/*
 * fragmented: free every other huge page of 2000 MiB of memory, so that each two
 * neighbouring huge pages are one free and one to be migrated. Then make the
 * buffer live that fragmented.sh has prepared.
 */
#include "base.h"

#include "configfs.h"

#define ROUNDS	4

int main(void)
{
	const size_t len = 2000 * MIB, huge = HUGE, page = PAGE;
	char *mem = anon(len);
	bool same = true;
	int round;
	size_t i;

	if (madvise(mem, len, MADV_NOHUGEPAGE))
		bail("madvise");
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < len; i += page)
			mem[i] = 1 + i / page % 100;
		for (i = round % 2 * huge; i + huge <= len; i += 2 * huge)
			if (madvise(mem + i, huge, MADV_DONTNEED))
				bail("madvise");
		ok(configfs_try("a", "live", "1"),
		   "round %d: 500 MiB are allocated", round + 1);
		for (i = (round + 1) % 2 * huge; i + page <= len; i += page) {
			if (mem[i] != (char)(1 + i / page % 100))
				same = false;
			if (i % huge == huge - page)
				i += huge;
		}
		ok(configfs_try("a", "live", "0"),
		   "round %d: the buffer is removed", round + 1);
	}
	ok(same, "the program's memory has its contents after each migration");
	return tap_done();
}
