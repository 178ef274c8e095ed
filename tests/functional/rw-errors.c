// SPDX-License-Identifier: GPL-2.0-only
/* rw-errors DEVICE: read, write and lseek at and outside the limits. */
#include "guest.h"

#include <limits.h>

#define OFF_MAX	((off_t)LLONG_MAX)
#define OFF_MIN	((off_t)LLONG_MIN)

static int fd;
static off_t size;
static char *mem;	/* the buffer */
static char *room;	/* as large, and a page more */

/* Two pages of which the second is not mapped. */
static char *half(void)
{
	char *p = anon(2 * PAGE);

	munmap(p + PAGE, PAGE);
	return p;
}

static void *const nowhere = (void *)(1UL << 46);
static void *const kernel_side = (void *)~0xfffUL;

static void ends(void)
{
	is(pread(fd, room, size + PAGE, 0), size, "pread of more than all");
	is(pread(fd, room, 100, size - 7), 7, "pread across the end");
	is(pread(fd, room, 100, size), 0, "pread at the end");
	is(pread(fd, room, 100, size + 1), 0, "pread behind the end");
	is(pread(fd, room, 100, 4 * GIB), 0, "pread at 4 GiB");
	is(pread(fd, room, 1, OFF_MAX - 1), 0, "pread at 2^63 - 2");
	fails(pread(fd, room, 100, OFF_MAX), EINVAL, "pread across 2^63");
	fails(pread(fd, room, 1, -1), EINVAL, "pread at -1");
	fails(pread(fd, room, 1, OFF_MIN), EINVAL, "pread at -2^63");
	is(pread(fd, room, 0, 0), 0, "pread of nothing");
	is(pread(fd, room, 4 * GIB + PAGE, 0), size,
	   "pread of 4 GiB and a page");
	is(pread(fd, room, 4 * GIB + PAGE, size - 5), 5,
	   "pread of 4 GiB and a page across the end");

	memset(room, 'w', size + PAGE);
	is(pwrite(fd, room, size + PAGE, 0), size, "pwrite of more than all");
	is(pwrite(fd, room, 100, size - 7), 7, "pwrite across the end");
	fails(pwrite(fd, room, 100, size), ENOSPC, "pwrite at the end");
	fails(pwrite(fd, room, 1, size + 1), ENOSPC, "pwrite behind the end");
	fails(pwrite(fd, room, 1, 4 * GIB), ENOSPC, "pwrite at 4 GiB");
	fails(pwrite(fd, room, 1, OFF_MAX - 1), ENOSPC, "pwrite at 2^63 - 2");
	fails(pwrite(fd, room, 100, OFF_MAX), EINVAL, "pwrite across 2^63");
	fails(pwrite(fd, room, 1, -1), EINVAL, "pwrite at -1");
	is(pwrite(fd, room, 0, 0), 0, "pwrite of nothing");
	is(pwrite(fd, room, 0, size), 0, "pwrite of nothing at the end");
	is(pwrite(fd, room, 4 * GIB + PAGE, 0), size,
	   "pwrite of 4 GiB and a page");
}

static void seek_and_read(void)
{
	lseek(fd, size - 10, SEEK_SET);
	is(read(fd, room, 100), 10, "read across the end");
	is(lseek(fd, 0, SEEK_CUR), size, "the position is the end");
	is(read(fd, room, 100), 0, "read at the end");
	fails(write(fd, room, 100), ENOSPC, "write at the end");
	is(lseek(fd, 0, SEEK_CUR), size, "the position stays");
	lseek(fd, -3, SEEK_END);
	is(write(fd, room, 100), 3, "write across the end");
	is(lseek(fd, 0, SEEK_CUR), size, "the position is the end");
}

static void pointers(void)
{
	char *p = half();

	fails(pread(fd, nowhere, 10, 0), EFAULT, "pread to nowhere");
	fails(pread(fd, kernel_side, 10, 0), EFAULT, "pread to the kernel");
	fails(pwrite(fd, nowhere, 10, 0), EFAULT, "pwrite from nowhere");
	fails(pwrite(fd, kernel_side, 10, 0), EFAULT,
	      "pwrite from the kernel");
	is(pread(fd, nowhere, 10, size), 0, "pread to nowhere at the end");

	memset(mem, 'm', size);
	lseek(fd, 0, SEEK_SET);
	is(read(fd, p + PAGE - 100, 200), 100, "read to a half-bad range");
	is(lseek(fd, 0, SEEK_CUR), 100, "the position counts what was read");
	ok(p[PAGE - 1] == 'm' && p[PAGE - 101] == 0, "and just that was");

	memset(p, 'p', PAGE);
	lseek(fd, 0, SEEK_SET);
	is(write(fd, p + PAGE - 100, 200), 100,
	   "write from a half-bad range");
	is(lseek(fd, 0, SEEK_CUR), 100, "the position counts what was written");
	ok(mem[99] == 'p' && mem[100] == 'm', "and just that was");
	munmap(p, PAGE);
}

static void seeks(void)
{
	static const int bad[] = { 5, 6, -1, 1000 };
	size_t i;

	is(lseek(fd, 0, SEEK_SET), 0, "SEEK_SET to 0");
	is(lseek(fd, size, SEEK_SET), size, "SEEK_SET to the end");
	is(lseek(fd, 0, SEEK_END), size, "SEEK_END");
	is(lseek(fd, -size, SEEK_END), 0, "SEEK_END back to 0");
	is(lseek(fd, 12345, SEEK_SET), 12345, "SEEK_SET");
	is(lseek(fd, 55, SEEK_CUR), 12400, "SEEK_CUR");

	fails(lseek(fd, size + 1, SEEK_SET), EINVAL, "SEEK_SET behind");
	fails(lseek(fd, -1, SEEK_SET), EINVAL, "SEEK_SET to -1");
	fails(lseek(fd, OFF_MAX, SEEK_SET), EINVAL, "SEEK_SET to 2^63 - 1");
	fails(lseek(fd, OFF_MIN, SEEK_SET), EINVAL, "SEEK_SET to -2^63");
	fails(lseek(fd, 1, SEEK_END), EINVAL, "SEEK_END behind");
	fails(lseek(fd, -size - 1, SEEK_END), EINVAL, "SEEK_END before 0");
	fails(lseek(fd, OFF_MAX, SEEK_END), EINVAL, "SEEK_END wraps");
	fails(lseek(fd, OFF_MIN, SEEK_END), EINVAL, "SEEK_END by -2^63");
	fails(lseek(fd, size, SEEK_CUR), EINVAL, "SEEK_CUR behind");
	fails(lseek(fd, -12401, SEEK_CUR), EINVAL, "SEEK_CUR before 0");
	fails(lseek(fd, OFF_MAX, SEEK_CUR), EINVAL, "SEEK_CUR wraps");
	fails(lseek(fd, OFF_MIN, SEEK_CUR), EINVAL, "SEEK_CUR by -2^63");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		fails(lseek(fd, 0, bad[i]), EINVAL, "whence %d", bad[i]);
	is(lseek(fd, 0, SEEK_CUR), 12400, "the position stays");

	is(lseek(fd, 77, SEEK_DATA), 77, "SEEK_DATA: all is data");
	is(lseek(fd, 77, SEEK_HOLE), size, "SEEK_HOLE: the end");
	fails(lseek(fd, size, SEEK_DATA), ENXIO, "SEEK_DATA at the end");
	fails(lseek(fd, size, SEEK_HOLE), ENXIO, "SEEK_HOLE at the end");
	fails(lseek(fd, -1, SEEK_DATA), ENXIO, "SEEK_DATA at -1");
	fails(lseek(fd, OFF_MAX, SEEK_HOLE), ENXIO, "SEEK_HOLE far behind");
}

static void other_calls(void)
{
	fails(ftruncate(fd, 0), EINVAL, "ftruncate");
	fails(fallocate(fd, 0, 0, size), ENODEV, "fallocate");
}

static void access_modes(const char *path)
{
	int r = xopen(path, O_RDONLY), w = xopen(path, O_WRONLY | O_TRUNC);

	fails(write(r, room, 1), EBADF, "read-only file: write");
	is(read(r, room, 1), 1, "read-only file: read");
	fails(read(w, room, 1), EBADF, "write-only file: read");
	is(write(w, room, 1), 1, "write-only file: write");
	is(lseek(w, 0, SEEK_END), size, "O_TRUNC changes nothing");
	close(r);
	close(w);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	diag("%s, %lld bytes", argv[1], (long long)size);
	mem = map(fd, size, 0);
	room = anon(size + PAGE);
	ends();
	seek_and_read();
	pointers();
	seeks();
	other_calls();
	access_modes(argv[1]);
	return tap_done();
}
