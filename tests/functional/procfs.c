// SPDX-License-Identifier: GPL-2.0-only
/* procfs DEVICE: what /proc shows of a mapping, and that looking is harmless. */
#include "guest.h"

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

	is(write(fd, what, 1), 1, "clear_refs %s", what);
	close(fd);
	ok(filled(p, size, 1), "clear_refs %s: nothing changed", what);
}

static void show(const char *device)
{
	char line[512], text[64];
	long pages;

	ok(line_of("/proc/self/maps", line, sizeof(line)), "maps has it");
	ok(strstr(line, " rw-s 00000000 "), "maps: shared, to read and write");
	ok(strstr(line, device), "maps: by name");

	ok(line_of("/proc/self/numa_maps", line, sizeof(line)),
	   "numa_maps has it");
	ok(strstr(line, device), "numa_maps: by name");
	snprintf(text, sizeof(text), " N0=%llu", size / PAGE);
	ok(strstr(line, text), "numa_maps: all pages on the node");

	is(smaps_sum(p, size, "Size"), size, "smaps: size");
	is(smaps_sum(p, size, "Rss"), size, "smaps: all is resident");
	is(smaps_sum(p, size, "Pss"), size, "smaps: by this process alone");
	is(smaps_sum(p, size, "Anonymous"), 0, "smaps: nothing anonymous");
	is(smaps_sum(p, size, "Swap"), 0, "smaps: nothing swapped");

	if (sscanf(slurp("/proc/self/statm"), "%*d %*d %ld", &pages) != 1)
		bail("statm");
	ok(pages >= (long)(size / PAGE), "statm: counted as a file's");
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	diag("%s, %zu bytes", argv[1], size);
	p = map(fd, size, 0);
	is(smaps_sum(p, size, "Rss"), 0, "smaps: nothing resident yet");
	fill(p, size, 1);
	show(argv[1]);
	reset_refs("1");
	reset_refs("3");
	reset_refs("4");
	reset_refs("5");
	fill(p, size, 2);
	ok(filled(p, size, 2), "stores after clear_refs 4");
	munmap(p, size);
	return tap_done();
}
