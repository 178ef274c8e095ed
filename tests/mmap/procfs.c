// SPDX-License-Identifier: GPL-2.0-only
/* procfs DEVICE: what /proc shows of a mapping; reading it changes nothing. */
#include "base.h"

#include "device.h"
#include "pattern.h"
#include "smaps.h"

static char *p;
static size_t size;

/* The line of a file of /proc that begins with the mapping's address. */
static bool line_of(const char *path, char *line, int len)
{
	char start[32];
	bool found = false;
	FILE *f = fopen(path, "re");

	if (!f)
		bail("%s", path);
	snprintf(start, sizeof(start), "%lx", (unsigned long)p);
	while (!found && fgets(line, len, f))
		found = !strncmp(line, start, strlen(start));
	fclose(f);
	return found;
}

static void reset_refs(const char *what)
{
	int fd = xopen("/proc/self/clear_refs", O_WRONLY);

	is(write(fd, what, 1), 1, "write %s to clear_refs", what);
	close(fd);
	ok(filled(p, size, 1), "clear_refs %s: the bytes are the same", what);
}

static void show(const char *device)
{
	char line[512], text[64];
	long pages;

	ok(line_of("/proc/self/maps", line, sizeof(line)),
	   "maps has a line for the mapping");
	ok(strstr(line, " rw-s 00000000 "),
	   "maps: the mapping is shared, readable and writable");
	ok(strstr(line, device), "maps: the line names the device");

	ok(line_of("/proc/self/numa_maps", line, sizeof(line)),
	   "numa_maps has a line for the mapping");
	ok(strstr(line, device), "numa_maps: the line names the device");
	snprintf(text, sizeof(text), " N0=%llu", size / PAGE);
	ok(strstr(line, text), "numa_maps: all pages are on node 0");

	is(smaps_sum(p, size, "Size"), size, "smaps: Size");
	is(smaps_sum(p, size, "Rss"), size, "smaps: Rss is the whole mapping");
	is(smaps_sum(p, size, "Pss"), size, "smaps: Pss is the whole mapping");
	is(smaps_sum(p, size, "Anonymous"), 0, "smaps: Anonymous is 0");
	is(smaps_sum(p, size, "Swap"), 0, "smaps: Swap is 0");

	if (sscanf(slurp("/proc/self/statm"), "%*d %*d %ld", &pages) != 1)
		bail("statm");
	ok(pages >= (long)(size / PAGE), "statm: the pages count as shared");
}

int main(int argc, char **argv)
{
	int fd = device_open(argc, argv, &size);

	p = map(fd, size, 0);
	is(smaps_sum(p, size, "Rss"), 0, "smaps: Rss is 0 before any access");
	fill(p, size, 1);
	show(argv[1]);
	reset_refs("1");
	reset_refs("3");
	reset_refs("4");
	reset_refs("5");
	fill(p, size, 2);
	ok(filled(p, size, 2), "stores work after clear_refs");
	munmap(p, size);
	return tap_done();
}
