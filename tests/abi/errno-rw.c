// SPDX-License-Identifier: GPL-2.0-only
/* errno-rw DEVICE: read, write and lseek at the ends of a buffer and beyond. */
#include "base.h"

#include <limits.h>
#include <sys/utsname.h>

#include "device.h"

#define OFF_MAX	((off_t)LLONG_MAX)
#define OFF_MIN	((off_t)LLONG_MIN)

static int fd;
static size_t size;
static char *mem;	/* the buffer */
static char *room;	/* the same size and a page */

/* A page before a hole. */
static char *page_before_hole(void)
{
	char *p = anon(2 * PAGE);

	munmap(p + PAGE, PAGE);
	return p;
}

static void *const unmapped = (void *)(1UL << 46);
static void *const kernel_addr = (void *)~0xfffUL;

static void ends(void)
{
	is(pread(fd, room, size + PAGE, 0), size, "pread of a page more than the buffer");
	is(pread(fd, room, 100, size - 7), 7, "pread across the end");
	is(pread(fd, room, 100, size), 0, "pread at the end");
	is(pread(fd, room, 100, size + 1), 0, "pread a byte after the end");
	is(pread(fd, room, 100, 4 * GIB), 0, "pread at 4 GiB");
	is(pread(fd, room, 1, OFF_MAX - 1), 0, "pread at 2^63 - 2");
	fails(pread(fd, room, 100, OFF_MAX), EINVAL, "pread across 2^63: EINVAL");
	fails(pread(fd, room, 1, -1), EINVAL, "pread at -1: EINVAL");
	fails(pread(fd, room, 1, OFF_MIN), EINVAL, "pread at -2^63: EINVAL");
	is(pread(fd, room, 0, 0), 0, "pread of 0 bytes");
	is(pread(fd, room, 4 * GIB + PAGE, 0), size,
	   "pread of 4 GiB and a page");
	is(pread(fd, room, 4 * GIB + PAGE, size - 5), 5,
	   "pread of 4 GiB and a page across the end");

	memset(room, 'w', size + PAGE);
	is(pwrite(fd, room, size + PAGE, 0), size, "pwrite of a page more than the buffer");
	is(pwrite(fd, room, 100, size - 7), 7, "pwrite across the end");
	fails(pwrite(fd, room, 100, size), ENOSPC, "pwrite at the end: ENOSPC");
	fails(pwrite(fd, room, 1, size + 1), ENOSPC, "pwrite a byte after the end: ENOSPC");
	fails(pwrite(fd, room, 1, 4 * GIB), ENOSPC, "pwrite at 4 GiB: ENOSPC");
	fails(pwrite(fd, room, 1, OFF_MAX - 1), ENOSPC, "pwrite at 2^63 - 2: ENOSPC");
	fails(pwrite(fd, room, 100, OFF_MAX), EINVAL, "pwrite across 2^63: EINVAL");
	fails(pwrite(fd, room, 1, -1), EINVAL, "pwrite at -1: EINVAL");
	is(pwrite(fd, room, 0, 0), 0, "pwrite of 0 bytes");
	is(pwrite(fd, room, 0, size), 0, "pwrite of 0 bytes at the end");
	is(pwrite(fd, room, 4 * GIB + PAGE, 0), size,
	   "pwrite of 4 GiB and a page");
}

static void at_position(void)
{
	lseek(fd, size - 10, SEEK_SET);
	is(read(fd, room, 100), 10, "read across the end");
	is(lseek(fd, 0, SEEK_CUR), size,
	   "read across the end moves the position to the end");
	is(read(fd, room, 100), 0, "read at the end");
	fails(write(fd, room, 100), ENOSPC, "write at the end: ENOSPC");
	is(lseek(fd, 0, SEEK_CUR), size,
	   "a refused write does not move the position");
	lseek(fd, -3, SEEK_END);
	is(write(fd, room, 100), 3, "write across the end");
	is(lseek(fd, 0, SEEK_CUR), size,
	   "write across the end moves the position to the end");
}

/*
 * Of 200 bytes only 100 can be copied. x86 finds the last one; others copy in
 * chunks and may stop before the chunk that has it.
 */
static bool is_short(ssize_t done)
{
	struct utsname name;

	if (uname(&name))
		bail("uname");
	if (!strcmp(name.machine, "x86_64"))
		return done == 100;
	return done > 0 && done <= 100;
}

static void bad_pointers(void)
{
	ssize_t done;
	char *p = page_before_hole();

	fails(pread(fd, unmapped, 10, 0), EFAULT,
	      "pread to an unmapped address: EFAULT");
	fails(pread(fd, kernel_addr, 10, 0), EFAULT,
	      "pread to a kernel address: EFAULT");
	fails(pwrite(fd, unmapped, 10, 0), EFAULT,
	      "pwrite from an unmapped address: EFAULT");
	fails(pwrite(fd, kernel_addr, 10, 0), EFAULT,
	      "pwrite from a kernel address: EFAULT");
	is(pread(fd, unmapped, 10, size), 0,
	   "pread at the end to an unmapped address");

	memset(mem, 'm', size);
	lseek(fd, 0, SEEK_SET);
	done = read(fd, p + PAGE - 100, 200);
	ok(is_short(done), "read of 200 bytes to 100 mapped ones");
	is(lseek(fd, 0, SEEK_CUR), done,
	   "a short read moves the position by what was read");
	ok(p[PAGE - 101 + done] == 'm' && p[PAGE - 101] == 0,
	   "a short read changes the 100 mapped bytes only");

	memset(p, 'p', PAGE);
	lseek(fd, 0, SEEK_SET);
	done = write(fd, p + PAGE - 100, 200);
	ok(is_short(done), "write of 200 bytes from 100 mapped ones");
	is(lseek(fd, 0, SEEK_CUR), done,
	   "a short write moves the position by what was written");
	ok(mem[done - 1] == 'p' && mem[100] == 'm',
	   "a short write changes 100 bytes of the buffer only");
	munmap(p, PAGE);
}

static void seek(void)
{
	static const int bad[] = { 5, 6, -1, 1000 };
	size_t i;

	is(lseek(fd, 0, SEEK_SET), 0, "SEEK_SET to 0");
	is(lseek(fd, size, SEEK_SET), size, "SEEK_SET to the end");
	is(lseek(fd, 0, SEEK_END), size, "SEEK_END to the end");
	is(lseek(fd, -(off_t)size, SEEK_END), 0, "SEEK_END back to 0");
	is(lseek(fd, 12345, SEEK_SET), 12345, "SEEK_SET to 12345");
	is(lseek(fd, 55, SEEK_CUR), 12400, "SEEK_CUR by 55");

	fails(lseek(fd, size + 1, SEEK_SET), EINVAL, "SEEK_SET after the end: EINVAL");
	fails(lseek(fd, -1, SEEK_SET), EINVAL, "SEEK_SET to -1: EINVAL");
	fails(lseek(fd, OFF_MAX, SEEK_SET), EINVAL,
	      "SEEK_SET to 2^63 - 1: EINVAL");
	fails(lseek(fd, OFF_MIN, SEEK_SET), EINVAL, "SEEK_SET to -2^63: EINVAL");
	fails(lseek(fd, 1, SEEK_END), EINVAL, "SEEK_END after the end: EINVAL");
	fails(lseek(fd, -(off_t)size - 1, SEEK_END), EINVAL,
	      "SEEK_END to -1: EINVAL");
	fails(lseek(fd, OFF_MAX, SEEK_END), EINVAL,
	      "SEEK_END that overflows: EINVAL");
	fails(lseek(fd, OFF_MIN, SEEK_END), EINVAL, "SEEK_END by -2^63: EINVAL");
	fails(lseek(fd, size, SEEK_CUR), EINVAL, "SEEK_CUR after the end: EINVAL");
	fails(lseek(fd, -12401, SEEK_CUR), EINVAL, "SEEK_CUR to -1: EINVAL");
	fails(lseek(fd, OFF_MAX, SEEK_CUR), EINVAL,
	      "SEEK_CUR that overflows: EINVAL");
	fails(lseek(fd, OFF_MIN, SEEK_CUR), EINVAL, "SEEK_CUR by -2^63: EINVAL");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		fails(lseek(fd, 0, bad[i]), EINVAL, "lseek with whence %d: EINVAL",
		      bad[i]);
	is(lseek(fd, 0, SEEK_CUR), 12400,
	   "refused seeks do not move the position");

	is(lseek(fd, 77, SEEK_DATA), 77, "SEEK_DATA finds data everywhere");
	is(lseek(fd, 77, SEEK_HOLE), size, "SEEK_HOLE finds the end");
	fails(lseek(fd, size, SEEK_DATA), ENXIO, "SEEK_DATA at the end: ENXIO");
	fails(lseek(fd, size, SEEK_HOLE), ENXIO, "SEEK_HOLE at the end: ENXIO");
	fails(lseek(fd, -1, SEEK_DATA), ENXIO, "SEEK_DATA at -1: ENXIO");
	fails(lseek(fd, OFF_MAX, SEEK_HOLE), ENXIO,
	      "SEEK_HOLE at 2^63 - 1: ENXIO");
}

static void other_calls(void)
{
	fails(ftruncate(fd, 0), EINVAL, "ftruncate: EINVAL");
	fails(fallocate(fd, 0, 0, size), ENODEV, "fallocate: ENODEV");
}

static void access_modes(const char *path)
{
	int r = xopen(path, O_RDONLY), w = xopen(path, O_WRONLY | O_TRUNC);

	fails(write(r, room, 1), EBADF, "read-only file: write: EBADF");
	is(read(r, room, 1), 1, "read-only file: read succeeds");
	fails(read(w, room, 1), EBADF, "write-only file: read: EBADF");
	is(write(w, room, 1), 1, "write-only file: write succeeds");
	is(lseek(w, 0, SEEK_END), size, "O_TRUNC does not change the size");
	close(r);
	close(w);
}

int main(int argc, char **argv)
{
	fd = device_open(argc, argv, &size);
	mem = map(fd, size, 0);
	room = anon(size + PAGE);
	ends();
	at_position();
	bad_pointers();
	seek();
	other_calls();
	access_modes(argv[1]);
	return tap_done();
}
