// SPDX-License-Identifier: GPL-2.0-only
/*
 * same-range SECONDS: several programs create and remove buffers of a few MiB all
 * the time. So the same memory is allocated again and again, often while another
 * program is still allocating a part of it.
 */
#include "base.h"

#include <time.h>

#include "clock.h"
#include "configfs.h"
#include "memory.h"

#define CREATORS	4
#define LOST_LIMIT	512	/* pages */

static unsigned long *made;

static void create(unsigned int who, long long end)
{
	static const char * const sizes[] = { "2052K", "4M", "3M", "6M" };
	unsigned int i;
	char name[16];

	snprintf(name, sizeof(name), "same%u", who);
	buffer_prepare(name, PAGE);
	for (i = who; now_ms() < end; i++) {
		configfs_set(name, "size", sizes[i % ARRAY_SIZE(sizes)]);
		configfs_set(name, "live", "1");
		configfs_set(name, "live", "0");
		__atomic_add_fetch(made, 1, __ATOMIC_RELAXED);
	}
	buffer_drop(name);
}

int main(int argc, char **argv)
{
	pid_t creators[CREATORS];
	long before;
	long long end;
	int i;

	if (argc != 2)
		return 2;
	made = anon_shared(sizeof(*made));
	before = free_pages();
	end = now_ms() + atoi(argv[1]) * 1000;
	for (i = 0; i < CREATORS; i++) {
		creators[i] = fork();
		if (!creators[i]) {
			create(i, end);
			_exit(0);
		}
	}
	for (i = 0; i < CREATORS; i++)
		is(child_status(creators[i]), 0, "creator %d: each request succeeds", i);
	ok(*made, "%lu buffers were created", *made);
	before -= free_pages();
	diag("%ld pages less are free", before);
	ok(before < LOST_LIMIT, "fewer than %d pages are missing", LOST_LIMIT);
	return tap_done();
}
