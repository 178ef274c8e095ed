// SPDX-License-Identifier: GPL-2.0-only
/*
 * retake SECONDS: several programs make and drop buffers of a few MiB all the
 * time. Most of them get the same memory again and again, one while the other
 * still takes it.
 */
#include "guest.h"

#include <time.h>

#include "configfs.h"
#include "memory.h"

#define CREATORS	4
#define LOST_LIMIT	512	/* pages */

static unsigned long *made;

/* Ends when the time is over. */
static void create(unsigned int who, time_t end)
{
	static const char * const sizes[] = { "2052K", "4M", "3M", "6M" };
	unsigned int i;
	char name[16];

	snprintf(name, sizeof(name), "retake%u", who);
	buffer_prepare(name, PAGE);
	for (i = who; time(NULL) < end; i++) {
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
	time_t end;
	int i;

	if (argc != 2)
		return 2;
	made = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (made == MAP_FAILED)
		bail("mmap");
	before = free_pages();
	end = time(NULL) + atoi(argv[1]);
	for (i = 0; i < CREATORS; i++) {
		creators[i] = fork();
		if (!creators[i]) {
			create(i, end);
			_exit(0);
		}
	}
	for (i = 0; i < CREATORS; i++)
		is(child_status(creators[i]), 0, "creator %d gets all", i);
	diag("%lu buffers", *made);
	before -= free_pages();
	diag("%ld pages less are free", before);
	ok(before < LOST_LIMIT, "no memory is missing");
	return tap_done();
}
