// SPDX-License-Identifier: GPL-2.0-only
/* rw DEVICE: each way to read and write, against a mapping of the buffer. */
#include "guest.h"

#include <sys/sendfile.h>
#include <sys/uio.h>

static int fd;
static size_t size;
static unsigned char *mem;	/* the buffer */
static unsigned char *want;	/* what should be in it */
static unsigned char *room;

static bool intact(void)
{
	return !memcmp(mem, want, size);
}

static void fresh(__u64 seed)
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

	fresh(1);
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
			    !intact()) {
				diag("pwrite %zu at %zu", len, off);
				writes = false;
				break;
			}
		}
	}
	ok(reads, "pread at %zu places", n);
	ok(writes, "pwrite at %zu places, and nowhere else", n);

	fresh(2);
	is(pread(fd, room, size, 0), size, "pread of all");
	ok(!memcmp(room, want, size), "gets all");
	fill(want, size, 3);
	is(pwrite(fd, want, size, 0), size, "pwrite of all");
	ok(intact(), "puts all");
}

static void bytewise(void)
{
	size_t start = size / 2 - 300, i;
	bool good = true;
	char c;

	fresh(4);
	lseek(fd, start, SEEK_SET);
	for (i = 0; i < 600; i++)
		good = good && read(fd, &c, 1) == 1 &&
		       c == (char)want[start + i];
	ok(good, "read byte by byte");
	lseek(fd, start, SEEK_SET);
	for (i = 0; i < 600; i++) {
		want[start + i] = ~i;
		good = good && write(fd, want + start + i, 1) == 1;
	}
	ok(good && intact(), "write byte by byte");
	is(lseek(fd, 0, SEEK_CUR), start + 600, "the position follows");
}

static void vectors(void)
{
	struct iovec v[] = {
		{ room, 1 }, { room + 1, 0 }, { room + 1, PAGE },
		{ room + 1 + PAGE, 4999 },
	};
	const size_t len = 1 + PAGE + 4999;

	fresh(5);
	lseek(fd, 33, SEEK_SET);
	is(readv(fd, v, 4), len, "readv");
	ok(!memcmp(room, want + 33, len), "readv gets the bytes");
	is(lseek(fd, 0, SEEK_CUR), 33 + len, "readv moves on");
	is(preadv(fd, v, 4, 4000), len, "preadv");
	ok(!memcmp(room, want + 4000, len), "preadv gets the bytes");
	is(preadv2(fd, v, 4, -1, 0), len, "preadv2 at the position");
	ok(!memcmp(room, want + 33 + len, len), "preadv2 gets the bytes");
	is(preadv2(fd, v, 4, 17, 0), len, "preadv2 at an offset");
	ok(!memcmp(room, want + 17, len), "preadv2 gets the bytes");
	is(preadv(fd, v, 4, size - 3000), 3000, "preadv across the end");
	fails(preadv2(fd, v, 4, 0, 0x40000000), EOPNOTSUPP,
	      "preadv2 with an unknown flag");

	memset(room, 'v', len);
	memset(want + 33, 'v', len);
	lseek(fd, 33, SEEK_SET);
	is(writev(fd, v, 4), len, "writev");
	ok(intact(), "writev puts the bytes");
	memset(want + size / 2, 'v', len);
	is(pwritev(fd, v, 4, size / 2), len, "pwritev");
	ok(intact(), "pwritev puts the bytes");
	memset(want + 33 + len, 'v', len);
	is(pwritev2(fd, v, 4, -1, 0), len, "pwritev2 at the position");
	ok(intact(), "pwritev2 puts the bytes");
	memset(want + size - 3000, 'v', 3000);
	is(pwritev2(fd, v, 4, size - 3000, RWF_DSYNC), 3000,
	   "pwritev2 across the end");
	ok(intact(), "pwritev2 puts the bytes");
}

static void splices(void)
{
	off_t off = 4000;
	int p[2];

	if (pipe(p))
		bail("pipe");
	fresh(6);
	is(splice(fd, &off, p[1], NULL, 8192, 0), 8192, "splice out");
	is(off, 4000 + 8192, "splice out moves the offset");
	is(read(p[0], room, 20000), 8192, "the pipe has it");
	ok(!memcmp(room, want + 4000, 8192), "splice gets the bytes");

	/* The bytes in a pipe are a copy: a later change is not seen. */
	off = 0;
	is(splice(fd, &off, p[1], NULL, PAGE, 0), PAGE, "splice out");
	memset(mem, 'x', PAGE);
	is(read(p[0], room, PAGE), PAGE, "the pipe has it");
	ok(!memcmp(room, want, PAGE), "what was spliced stays");
	memset(want, 'x', PAGE);

	off = size - 100;
	is(splice(fd, &off, p[1], NULL, PAGE, 0), 100, "splice at the end");
	is(splice(fd, &off, p[1], NULL, PAGE, 0), 0, "splice behind it");
	is(read(p[0], room, PAGE), 100, "the pipe has it");

	memset(room, 's', 10000);
	is(write(p[1], room, 10000), 10000, "fill the pipe");
	off = 777;
	is(splice(p[0], NULL, fd, &off, 10000, 0), 10000, "splice in");
	memset(want + 777, 's', 10000);
	ok(intact(), "splice puts the bytes");
	is(write(p[1], room, 300), 300, "fill the pipe");
	off = size - 200;
	is(splice(p[0], NULL, fd, &off, 300, 0), 200, "splice in at the end");
	memset(want + size - 200, 's', 200);
	ok(intact(), "splice puts the bytes");
	fails(splice(p[0], NULL, fd, &off, 100, 0), ENOSPC,
	      "splice in behind the end");
	close(p[0]);
	close(p[1]);
}

/* 5.10 sends only from regular files and block devices. */
static void sendfile_out(int f)
{
	size_t sent = 0;
	off_t off = 0;
	ssize_t n;

	if (kernel() == 510) {
		fails(sendfile(f, fd, &off, size), EINVAL, "sendfile");
		return;
	}
	do {
		n = sendfile(f, fd, &off, size - sent);
		sent += n > 0 ? n : 0;
	} while (n > 0 && sent < size);
	is(sent, size, "sendfile to a file");
	is(pread(f, room, size, 0), size, "the file has it");
	ok(!memcmp(room, want, size), "sendfile gets the bytes");
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
	is(sent, size, "sendfile from a file");
	ok(intact(), "sendfile puts the bytes");
}

static void sendfiles(void)
{
	int f = xopen("/mnt/rw", O_RDWR | O_CREAT | O_TRUNC);

	fresh(7);
	sendfile_out(f);
	sendfile_in(f);
	close(f);
	unlink("/mnt/rw");
}

static void syncs(void)
{
	fresh(8);
	ok(!fsync(fd), "fsync");
	ok(!fdatasync(fd), "fdatasync");
	ok(!msync(mem, size, MS_SYNC), "msync");
	ok(!msync(mem, size, MS_ASYNC), "msync MS_ASYNC");
	ok(!msync(mem, size, MS_SYNC | MS_INVALIDATE), "msync MS_INVALIDATE");
	fails(sync_file_range(fd, 0, size, SYNC_FILE_RANGE_WRITE), ESPIPE,
	      "sync_file_range");
	sync();
	ok(intact(), "nothing changed");
}

/* From a buffer into itself: the source is the mapping of the target. */
static void itself(void)
{
	fresh(9);
	is(pwrite(fd, mem, size / 2, size / 2), size / 2,
	   "write from the own mapping");
	memcpy(want + size / 2, want, size / 2);
	ok(intact(), "puts the bytes");
	is(pread(fd, mem, PAGE, 2 * PAGE), PAGE, "read to the own mapping");
	memcpy(want, want + 2 * PAGE, PAGE);
	ok(intact(), "gets the bytes");

	/* Pages that no one has touched yet: faults while copying. */
	munmap(mem, size);
	mem = map(fd, size, 0);
	is(pread(fd, mem, PAGE, 3 * PAGE), PAGE,
	   "read to a mapping not yet touched");
	memcpy(want, want + 3 * PAGE, PAGE);
	ok(intact(), "gets the bytes");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	diag("%s, %zu bytes", argv[1], size);
	mem = map(fd, size, 0);
	want = anon(size);
	room = anon(size);
	offsets();
	bytewise();
	vectors();
	splices();
	sendfiles();
	syncs();
	itself();
	return tap_done();
}
