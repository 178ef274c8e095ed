// SPDX-License-Identifier: GPL-2.0-only
/*
 * sizes DEVICE SIZE: a large buffer is one zeroed range. Huge entries map it
 * wherever address and offset allow, and small ones map the rest.
 */
#include "base.h"

#include "device.h"
#include "pagemap.h"
#include "pattern.h"
#include "smaps.h"

static int fd;
static size_t size;
static __u64 base;	/* physical address */
static size_t huge;	/* bytes in whole huge pages */
static size_t tail;	/* pages after them */

static struct marks each_page;

/* As read() returns them, for some of the pages. */
static bool marked_file(__u64 seed)
{
	size_t pages = size / PAGE, step = pages / 512 | 1, i;
	__u64 got;

	for (i = 0; i < pages; i += i + step < pages || i == pages - 1 ?
	     step : pages - 1 - i)
		if (pread(fd, &got, 8, i * PAGE) != 8 ||
		    got != word(seed, i * PAGE))
			return false;
	return true;
}

static void map_whole(void)
{
	char *p = map(fd, size, 0);
	__u64 last = 0;

	is((uintptr_t)p % HUGE, 0, "mmap chooses an address that suits huge entries");
	is(faults_of(p, huge), huge / HUGE, "one fault for each huge page");
	is(faults_of(p + huge, tail * PAGE), tail,
	   "one fault for each page after the last huge page");
	is(smaps_sum(p, size, "Rss"), size, "the whole buffer is mapped");
	is(huge_mapped(p, size), huge, "bytes that huge entries map");
	ok(contiguous(p, size, base), "the mapping is contiguous");
	ok(zero(p, size), "the buffer is zeroed");

	mark(each_page, p, size, 1);
	ok(marked_file(1), "read() returns the mark of each page");
	ok(marked(each_page, p, size, 1), "the mapping has the mark of each page");
	*(__u64 *)(p + size - 8) = 99;
	is(pread(fd, &last, 8, size - 8), 8, "read() of the last 8 bytes");
	is(last, 99, "read() returns what was stored in the last 8 bytes");
	munmap(p, size);

	p = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		bail("MAP_POPULATE");
	is(faults_of(p, size), 0, "no fault is needed after MAP_POPULATE");
	is(huge_mapped(p, size), huge,
	   "bytes that MAP_POPULATE maps by huge entries");
	munmap(p, size);
}

/* A mapping of a part has small entries at its ends only. */
static void map_part(size_t off, size_t len)
{
	size_t first = (off + HUGE - 1) / HUGE * HUGE;
	size_t end = off + len == size ? huge : (off + len) / HUGE * HUGE;
	size_t inner = end > first ? end - first : 0;
	char *p = map(fd, len, off);

	if (inner)
		is((uintptr_t)p % HUGE, off % HUGE,
		   "%#zx bytes at %#zx: mmap chooses a suitable address", len, off);
	mark(each_page, p, len, off);
	ok(marked(each_page, p, len, off), "%#zx bytes at %#zx: each page has its mark", len, off);
	munmap(p, len);

	p = map(fd, len, off);
	is(faults_of(p, len), inner / HUGE + (len - inner) / PAGE,
	   "%#zx bytes at %#zx: faults for huge and single pages", len, off);
	is(huge_mapped(p, len), inner,
	   "%#zx bytes at %#zx: bytes that huge entries map", len, off);
	ok(contiguous(p, len, base + off),
	   "%#zx bytes at %#zx: the mapping is contiguous", len, off);
	munmap(p, len);
}

/* At an address that does not suit huge entries. */
static void map_unaligned(void)
{
	size_t len = 2 * HUGE + PAGE;
	char *room = anon(len + 2 * HUGE);
	char *at = huge_aligned(room) + PAGE;
	char *p = mmap(at, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		       fd, 0);

	if (p != at)
		bail("MAP_FIXED");
	is(faults_of(p, len), len / PAGE, "unaligned address: one fault for each page");
	mark(each_page, p, len, 7);
	ok(marked_file(7) || len < size, "unaligned address: each page has its mark");
	ok(contiguous(p, len, base), "unaligned address: the mapping is contiguous");
	munmap(room, len + 2 * HUGE);
}

static void bounds(void)
{
	char *p = map(fd, PAGE, size - PAGE);

	*(__u64 *)(p + PAGE - 8) = 5;
	munmap(p, PAGE);
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, size);
	fails((long)p, EINVAL, "mmap at the end: EINVAL");
	p = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, size - PAGE);
	fails((long)p, EINVAL, "mmap across the end: EINVAL");
	p = mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0);
	fails((long)p, EINVAL, "mmap of a page more than the buffer: EINVAL");
}

/* read() and write() across a boundary between pages. */
static bool across(size_t off, size_t before, size_t after)
{
	size_t len = before + after;
	char *want = anon(len), *got = anon(len);
	bool good;
	char *p;

	fill(want, len, off);
	good = pwrite(fd, want, len, off - before) == (ssize_t)len &&
	       pread(fd, got, len, off - before) == (ssize_t)len &&
	       !memcmp(want, got, len);
	p = map(fd, 2 * PAGE, off - PAGE);
	good = good && !memcmp(p + PAGE - 64, want + before - 64, 64) &&
	       !memcmp(p + PAGE, want + before, 64);
	munmap(p, 2 * PAGE);
	munmap(want, len);
	munmap(got, len);
	return good;
}

static void boundaries(void)
{
	char bytes[4096];

	ok(across(HUGE, 100000, 50000), "read and write across the first huge page's end");
	ok(across(2 * HUGE, 64, PAGE), "read and write across the second huge page's end");
	ok(across(huge - HUGE, 1 * MIB, 1 * MIB),
	   "read and write into the last huge page");
	if (tail)
		ok(across(huge, 1 * MIB, PAGE),
		   "read and write across the last huge page's end");

	is(pwrite(fd, bytes, sizeof(bytes), size - 100), 100,
	   "write across the end");
	fails(pwrite(fd, bytes, 1, size), ENOSPC, "write at the end: ENOSPC");
	is(pread(fd, bytes, sizeof(bytes), size - 100), 100,
	   "read across the end");
	is(pread(fd, bytes, 1, size), 0, "read at the end");
}

int main(int argc, char **argv)
{
	struct kshm_info i;

	if (argc != 3)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	i = info(fd);
	size = i.size;
	base = i.phys_addr;
	each_page = (struct marks) { .step = PAGE, .bytes = 8 };
	huge = size / HUGE * HUGE;
	tail = (size - huge) / PAGE;
	diag("%s, %#zx bytes at %#llx", argv[1], size, base);

	is(size, strtoull(argv[2], NULL, 0), "size in INFO");
	is(i.folio_size, HUGE, "folio_size in INFO");
	is(i.backing, KSHM_BACKING_CONTIG, "backing in INFO");
	is(base % HUGE, 0, "phys_addr is a multiple of the huge page size");
	map_whole();
	map_part(PAGE, size - PAGE);
	map_part(HUGE, size - HUGE);
	map_part(1 * MIB, 3 * MIB + 5 * PAGE);
	map_part(HUGE - PAGE, 2 * PAGE);
	map_part(0, huge - PAGE);
	map_part(size - HUGE - 3 * PAGE, HUGE + 3 * PAGE);
	map_unaligned();
	bounds();
	boundaries();
	return tap_done();
}
