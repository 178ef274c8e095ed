// SPDX-License-Identifier: GPL-2.0-only
/*
 * metadata DIRECTORY: metadata of a file system is scattered over all memory. As
 * long as its journal has not written it, the kernel does not migrate it. So the
 * largest size is only what lies between.
 */
#include "device.h"

#include "configfs.h"
#include "hotplug.h"

/* Each new directory has a block of its own. */
static size_t scatter(size_t pieces, size_t piece)
{
	char *p = anon(pieces * piece), name[32];
	size_t i;

	madvise(p, pieces * piece, MADV_NOHUGEPAGE);
	for (i = 0; i < pieces; i++) {
		memset(p + i * piece, 1, piece);
		sprintf(name, "%zu", i);
		if (mkdir(name, 0700))
			bail("mkdir %s", name);
	}
	munmap(p, pieces * piece);
	return pieces;
}

static void clean_up(size_t pieces)
{
	char name[32];

	while (pieces--) {
		sprintf(name, "%zu", pieces);
		rmdir(name);
	}
}

int main(int argc, char **argv)
{
	__u64 largest, scattered;
	size_t pieces;

	if (argc != 2 || chdir(argv[1]))
		return 2;
	pieces = scatter((memory_figure("MemFree") - 128 * MIB) / HUGE, HUGE);
	scattered = pieces * HUGE;
	buffer_prepare("a", PAGE);
	largest = strtoull(slurp(CONFIGFS "/a/largest"), NULL, 0);
	/* Some of it is written by now, and some directories lie together. */
	ok(largest < scattered / 5 * 3,
	   "of %llu MiB with metadata, %llu MiB are offered in one piece",
	   scattered / MIB, largest / MIB);
	buffer_drop("a");
	clean_up(pieces);
	return tap_done();
}
