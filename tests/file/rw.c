// SPDX-License-Identifier: GPL-2.0-only
/* rw DEVICE: each way to read and write, compared with a mapping of the buffer. */
#include "base.h"

#include <sys/sendfile.h>
#include <sys/uio.h>

#include "device.h"
#include "kernel.h"
#include "pattern.h"

static int fd;
static size_t size;
static unsigned char *mem;	/* the buffer */
static unsigned char *want;	/* what it should contain */
static unsigned char *room;

static bool as_wanted(void)
{
	return !memcmp(mem, want, size);
}

static void refill(__u64 seed)
{
	fill(want, size, seed);
	memcpy(mem, want, size);
}

/* Offsets and lengths around pages, huge pages, the middle and the end. */
static void offsets(void)
{
	static const size_t lengths[] = { 1, 3, 8, 4095, 4096, 4097, 10001 };
	size_t at[] = {
		0, 1, 7, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 11, size / 2 - 5,
		HUGE - 5000, HUGE - 1, HUGE, 2 * HUGE - 1, size - 10001,
	};
	bool reads = true, writes = true;
	size_t a, l, n = 0;

	refill(1);
	for (a = 0; a < ARRAY_SIZE(at); a++) {
		for (l = 0; l < ARRAY_SIZE(lengths); l++) {
			size_t off = at[a], len = lengths[l];

			if (off + len > size)
				continue;
			n++;
			if (pread(fd, room, len, off) != (ssize_t)len ||
			    memcmp(room, want + off, len)) {
				diag("pread %zu at %zu", len, off);
				reads = false;
			}
			memset(want + off, n, len);
			if (pwrite(fd, want + off, len, off) != (ssize_t)len ||
			    !as_wanted()) {
				diag("pwrite %zu at %zu", len, off);
				writes = false;
				break;
			}
		}
	}
	ok(reads, "pread of %zu ranges", n);
	ok(writes, "pwrite of %zu ranges changes these bytes only", n);

	refill(2);
	is(pread(fd, room, size, 0), size, "pread of the whole buffer");
	ok(!memcmp(room, want, size),
	   "pread of the whole buffer returns its bytes");
	fill(want, size, 3);
	is(pwrite(fd, want, size, 0), size, "pwrite of the whole buffer");
	ok(as_wanted(), "pwrite of the whole buffer stores its bytes");
}

static void bytewise(void)
{
	size_t start = size / 2 - 300, i;
	bool good = true;
	char c;

	refill(4);
	lseek(fd, start, SEEK_SET);
	for (i = 0; i < 600; i++)
		good = good && read(fd, &c, 1) == 1 &&
		       c == (char)want[start + i];
	ok(good, "600 reads of one byte return the bytes");
	lseek(fd, start, SEEK_SET);
	for (i = 0; i < 600; i++) {
		want[start + i] = ~i;
		good = good && write(fd, want + start + i, 1) == 1;
	}
	ok(good && as_wanted(), "600 writes of one byte store the bytes");
	is(lseek(fd, 0, SEEK_CUR), start + 600, "600 writes of one byte move the position by 600");
}

static void vectors(void)
{
	struct iovec v[] = {
		{ room, 1 }, { room + 1, 0 }, { room + 1, PAGE },
		{ room + 1 + PAGE, 4999 },
	};
	const size_t len = 1 + PAGE + 4999;

	refill(5);
	lseek(fd, 33, SEEK_SET);
	is(readv(fd, v, 4), len, "readv");
	ok(!memcmp(room, want + 33, len), "readv returns the bytes");
	is(lseek(fd, 0, SEEK_CUR), 33 + len, "readv moves the position");
	is(preadv(fd, v, 4, 4000), len, "preadv");
	ok(!memcmp(room, want + 4000, len), "preadv returns the bytes");
	is(preadv2(fd, v, 4, -1, 0), len, "preadv2 at the position");
	ok(!memcmp(room, want + 33 + len, len),
	   "preadv2 at the position returns the bytes");
	is(preadv2(fd, v, 4, 17, 0), len, "preadv2 at an offset");
	ok(!memcmp(room, want + 17, len),
	   "preadv2 at an offset returns the bytes");
	is(preadv(fd, v, 4, size - 3000), 3000, "preadv across the end");
	fails(preadv2(fd, v, 4, 0, 0x40000000), EOPNOTSUPP,
	      "preadv2 with an unknown flag: EOPNOTSUPP");

	memset(room, 'v', len);
	memset(want + 33, 'v', len);
	lseek(fd, 33, SEEK_SET);
	is(writev(fd, v, 4), len, "writev");
	ok(as_wanted(), "writev stores the bytes");
	memset(want + size / 2, 'v', len);
	is(pwritev(fd, v, 4, size / 2), len, "pwritev");
	ok(as_wanted(), "pwritev stores the bytes");
	memset(want + 33 + len, 'v', len);
	is(pwritev2(fd, v, 4, -1, 0), len, "pwritev2 at the position");
	ok(as_wanted(), "pwritev2 at the position stores the bytes");
	memset(want + size - 3000, 'v', 3000);
	is(pwritev2(fd, v, 4, size - 3000, RWF_DSYNC), 3000,
	   "pwritev2 across the end");
	ok(as_wanted(), "pwritev2 across the end stores the bytes that fit");
}

static void splices(void)
{
	off_t off = 4000;
	int p[2];

	if (pipe(p))
		bail("pipe");
	refill(6);
	is(splice(fd, &off, p[1], NULL, 8192, 0), 8192, "splice to a pipe");
	is(off, 4000 + 8192, "splice to a pipe moves the offset");
	is(read(p[0], room, 20000), 8192,
	   "the pipe has as many bytes as were spliced");
	ok(!memcmp(room, want + 4000, 8192),
	   "the pipe has the bytes of the buffer");

	/* The pipe has a copy, which does not change with the buffer. */
	off = 0;
	is(splice(fd, &off, p[1], NULL, PAGE, 0), PAGE,
	   "splice of a page to a pipe");
	memset(mem, 'x', PAGE);
	is(read(p[0], room, PAGE), PAGE, "the pipe has a page");
	ok(!memcmp(room, want, PAGE),
	   "bytes in the pipe do not change with the buffer");
	memset(want, 'x', PAGE);

	off = size - 100;
	is(splice(fd, &off, p[1], NULL, PAGE, 0), 100,
	   "splice to a pipe across the end");
	is(splice(fd, &off, p[1], NULL, PAGE, 0), 0,
	   "splice to a pipe at the end");
	is(read(p[0], room, PAGE), 100,
	   "the pipe has the 100 bytes before the end");

	memset(room, 's', 10000);
	is(write(p[1], room, 10000), 10000, "write 10000 bytes to a pipe");
	off = 777;
	is(splice(p[0], NULL, fd, &off, 10000, 0), 10000,
	   "splice from a pipe");
	memset(want + 777, 's', 10000);
	ok(as_wanted(), "splice from a pipe stores the bytes");
	is(write(p[1], room, 300), 300, "write 300 bytes to a pipe");
	off = size - 200;
	is(splice(p[0], NULL, fd, &off, 300, 0), 200,
	   "splice from a pipe across the end");
	memset(want + size - 200, 's', 200);
	ok(as_wanted(), "splice from a pipe stores the bytes that fit");
	fails(splice(p[0], NULL, fd, &off, 100, 0), ENOSPC,
	      "splice from a pipe at the end: ENOSPC");
	close(p[0]);
	close(p[1]);
}

/* Before 6.0, the kernel sends only from regular files and block devices. */
static void sendfile_out(int f)
{
	size_t sent = 0;
	off_t off = 0;
	struct stat st;
	ssize_t n;

	fstat(fd, &st);
	if (kernel() < 600 && S_ISCHR(st.st_mode)) {
		fails(sendfile(f, fd, &off, size), EINVAL,
		      "sendfile from the device before Linux 6.0: EINVAL");
		return;
	}
	do {
		n = sendfile(f, fd, &off, size - sent);
		sent += n > 0 ? n : 0;
	} while (n > 0 && sent < size);
	is(sent, size, "sendfile from the device to a file");
	is(pread(f, room, size, 0), size, "the file has as many bytes");
	ok(!memcmp(room, want, size), "the file has the bytes of the buffer");
}

static void sendfile_in(int f)
{
	size_t sent = 0;
	ssize_t n;

	if (pwrite(f, want, size, 0) != (ssize_t)size)
		bail("pwrite to a file");
	memset(mem, 0, size);
	lseek(f, 0, SEEK_SET);
	lseek(fd, 0, SEEK_SET);
	do {
		n = sendfile(fd, f, NULL, size - sent);
		sent += n > 0 ? n : 0;
	} while (n > 0 && sent < size);
	is(sent, size, "sendfile from a file to the device");
	ok(as_wanted(), "sendfile to the device stores the bytes");
}

static void sendfiles(void)
{
	int f = xopen("/mnt/rw", O_RDWR | O_CREAT | O_TRUNC);

	refill(7);
	sendfile_out(f);
	sendfile_in(f);
	close(f);
	unlink("/mnt/rw");
}

static void syncs(void)
{
	struct stat st;

	refill(8);
	ok(!fsync(fd), "fsync succeeds");
	ok(!fdatasync(fd), "fdatasync succeeds");
	ok(!msync(mem, size, MS_SYNC), "msync with MS_SYNC succeeds");
	ok(!msync(mem, size, MS_ASYNC), "msync with MS_ASYNC succeeds");
	ok(!msync(mem, size, MS_SYNC | MS_INVALIDATE),
	   "msync with MS_INVALIDATE succeeds");
	fstat(fd, &st);
	if (S_ISCHR(st.st_mode))
		fails(sync_file_range(fd, 0, size, SYNC_FILE_RANGE_WRITE),
		      ESPIPE, "sync_file_range: ESPIPE");
	else
		ok(!sync_file_range(fd, 0, size, SYNC_FILE_RANGE_WRITE),
		   "sync_file_range succeeds");
	sync();
	ok(as_wanted(), "no kind of sync changes the buffer");
}

/* The program's memory is a mapping of the same buffer. */
static void own_mapping(void)
{
	refill(9);
	is(pwrite(fd, mem, size / 2, size / 2), size / 2,
	   "write from a mapping of the same buffer");
	memcpy(want + size / 2, want, size / 2);
	ok(as_wanted(), "write from a mapping of the same buffer: bytes");
	is(pread(fd, mem, PAGE, 2 * PAGE), PAGE,
	   "read to a mapping of the same buffer");
	memcpy(want, want + 2 * PAGE, PAGE);
	ok(as_wanted(), "read to a mapping of the same buffer: bytes");

	/* Copying has to fault these pages in. */
	munmap(mem, size);
	mem = map(fd, size, 0);
	is(pread(fd, mem, PAGE, 3 * PAGE), PAGE,
	   "read to a fresh mapping of the same buffer");
	memcpy(want, want + 3 * PAGE, PAGE);
	ok(as_wanted(), "read to a fresh mapping of the same buffer: bytes");
}

int main(int argc, char **argv)
{
	fd = device_open(argc, argv, &size);
	mem = map(fd, size, 0);
	want = anon(size);
	room = anon(size);
	offsets();
	bytewise();
	vectors();
	splices();
	sendfiles();
	syncs();
	own_mapping();
	return tap_done();
}
