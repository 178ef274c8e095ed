// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy a file into a kshm buffer, and the buffer into another file, without a copy in
 * the page cache: the disk's controller reads and writes the buffer.
 *
 *     capture DEVICE INPUT OUTPUT
 *
 * The bytes that the buffer holds are copied, or fewer if the file is shorter. With
 * O_DIRECT, address, offset and length are multiples of the disk's block size; the
 * size of a page always is.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	size_t page = sysconf(_SC_PAGESIZE), len = 0, rounded;
	int fd, in, out;
	char *memory;
	ssize_t n;

	if (argc != 4) {
		fprintf(stderr, "usage: capture DEVICE INPUT OUTPUT\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info))
		die(argv[1]);
	memory = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		die("mmap");

	in = open(argv[2], O_RDONLY | O_DIRECT);
	if (in < 0)
		die(argv[2]);
	while (len < info.size) {
		n = pread(in, memory + len, info.size - len, len);
		if (n < 0)
			die("read into the buffer");
		len += n;
		/* A part of a block is the end of the file. */
		if (!n || len % page)
			break;
	}

	/* Whole pages are written, then the file gets its length. */
	rounded = (len + page - 1) / page * page;
	out = open(argv[3], O_RDWR | O_CREAT | O_TRUNC | O_DIRECT, 0600);
	if (out < 0)
		die(argv[3]);
	if (pwrite(out, memory, rounded, 0) != (ssize_t)rounded ||
	    ftruncate(out, len))
		die("write from the buffer");
	printf("%zu bytes by way of %s\n", len, argv[1]);
	return 0;
}
