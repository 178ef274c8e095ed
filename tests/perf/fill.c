// SPDX-License-Identifier: GPL-2.0-only
/*
 * fill DIRECTORY: fill free memory with page cache, by reading a new file of
 * one hole, somewhat larger than what is free.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "bench.h"

#define MORE	(64UL << 20)

int main(int argc, char **argv)
{
	size_t size = (read_number("/proc/meminfo", "MemFree:") << 10) + MORE;
	int file, null = open("/dev/null", O_WRONLY);
	char path[64];
	size_t done;

	if (argc != 2)
		return 2;
	snprintf(path, sizeof(path), "%s/hole.XXXXXX", argv[1]);
	file = mkstemp(path);
	if (file < 0 || null < 0 || ftruncate(file, size))
		die(path);
	for (done = 0; done < size;) {
		ssize_t n = sendfile(null, file, NULL, size - done);

		if (n <= 0)
			die("sendfile");
		done += n;
	}
	return 0;
}
