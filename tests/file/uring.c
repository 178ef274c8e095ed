// SPDX-License-Identifier: GPL-2.0-only
/* uring DEVICE: io_uring reads and writes a buffer. */
#include "base.h"

#include "device.h"
#include "pattern.h"
#include "uring.h"

static void transfers(struct uring *u, int fd, char *mem, size_t size)
{
	char *room = anon(size);

	fill(mem, size, 1);
	is(uring_do(u, IORING_OP_READ, fd, room, size, 0), size,
	   "read of the whole buffer");
	ok(filled(room, size, 1), "read returns the bytes of the buffer");
	is(uring_do(u, IORING_OP_READ, fd, room, 5000, 4001), 5000,
	   "read at an offset");
	ok(!memcmp(room, mem + 4001, 5000),
	   "read at an offset returns the bytes there");
	is(uring_do(u, IORING_OP_READ, fd, room, 5000, size - 10), 10,
	   "read across the end");
	is(uring_do(u, IORING_OP_READ, fd, room, 10, size), 0,
	   "read at the end");
	is(uring_do(u, IORING_OP_READ, fd, (void *)(1UL << 46), 10, 0),
	   -EFAULT, "read to an unmapped address: EFAULT");

	fill(room, size, 2);
	is(uring_do(u, IORING_OP_WRITE, fd, room, size, 0), size,
	   "write of the whole buffer");
	ok(filled(mem, size, 2), "write stores the bytes");
	memset(room, 'u', 5000);
	is(uring_do(u, IORING_OP_WRITE, fd, room, 5000, 4001), 5000,
	   "write at an offset");
	ok(!memcmp(room, mem + 4001, 5000),
	   "write at an offset stores the bytes there");
	is(uring_do(u, IORING_OP_WRITE, fd, room, 5000, size - 10), 10,
	   "write across the end");
	is(uring_do(u, IORING_OP_WRITE, fd, room, 10, size), -ENOSPC,
	   "write at the end: ENOSPC");
	is(uring_do(u, IORING_OP_WRITE, fd, (void *)(1UL << 46), 10, 0),
	   -EFAULT, "write from an unmapped address: EFAULT");
	is(uring_do(u, IORING_OP_FSYNC, fd, NULL, 0, 0), 0,
	   "fsync succeeds");

	lseek(fd, 100, SEEK_SET);
	is(uring_do(u, IORING_OP_READ, fd, room, 10, -1), 10,
	   "read at the position");
	ok(!memcmp(room, mem + 100, 10),
	   "read at the position returns the bytes there");
	is(lseek(fd, 0, SEEK_CUR), 110, "read moves the position");
}

int main(int argc, char **argv)
{
	struct uring u;
	size_t size;
	int fd;

	fd = device_open(argc, argv, &size);
	if (!uring_open(&u))
		bail("io_uring_setup");
	transfers(&u, fd, map(fd, size, 0), size);
	return tap_done();
}
