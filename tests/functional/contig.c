// SPDX-License-Identifier: GPL-2.0-only
/*
 * contig DEVICE SIZE: a large buffer is one zeroed range, mapped by 2 MiB
 * entries wherever that can be, right to its last byte.
 */
#include "guest.h"

#include <sys/resource.h>

static int fd;
static size_t size;
static __u64 base;	/* physical address */
static size_t huge;	/* bytes in whole 2 MiB blocks */
static size_t tail;	/* pages after them */

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Faults that it takes to read each page of a range. */
static long faults_of(const void *p, size_t len)
{
	long before = faults();

	touch(p, len);
	return faults() - before;
}

static bool contiguous_all(const char *p, size_t len, __u64 phys)
{
	size_t off, part;

	for (off = 0; off < len; off += part) {
		part = len - off < 4 * HUGE ? len - off : 4 * HUGE;
		if (!contiguous(p + off, part, phys + off)) {
			diag("not contiguous in %zu bytes at %zu", part, off);
			return false;
		}
	}
	return true;
}

/* Each page gets a mark of its own; through the file they are all in place. */
static void mark(char *p, size_t len, __u64 seed)
{
	size_t off;

	for (off = 0; off < len; off += PAGE)
		*(__u64 *)(p + off) = word(seed, off);
}

static bool marked(const char *p, size_t len, __u64 seed)
{
	size_t off;

	for (off = 0; off < len; off += PAGE)
		if (*(__u64 *)(p + off) != word(seed, off))
			return false;
	return true;
}

/* As seen by read(), of which a stride of pages must do. */
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

static void whole(void)
{
	char *p = map(fd, size, 0);
	__u64 last = 0;

	is((uintptr_t)p % HUGE, 0, "the driver chooses an aligned address");
	is(faults_of(p, huge), huge / HUGE, "one fault for each 2 MiB");
	is(faults_of(p + huge, tail * PAGE), tail, "one for each page after");
	is(smaps_sum(p, size, "Rss"), size, "all is mapped");
	is(smaps_sum(p, size, "FilePmdMapped"), huge, "by huge entries");
	ok(contiguous_all(p, size, base), "each page is in its place");
	ok(zero(p, size), "zeroed");

	mark(p, size, 1);
	ok(marked_file(1), "read() sees each page's mark");
	ok(marked(p, size, 1), "and so does the program");
	*(__u64 *)(p + size - 8) = 99;
	is(pread(fd, &last, 8, size - 8), 8, "read() of the last bytes");
	is(last, 99, "gets them");
	munmap(p, size);

	p = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		bail("MAP_POPULATE");
	is(faults_of(p, size), 0, "MAP_POPULATE leaves no fault");
	is(smaps_sum(p, size, "FilePmdMapped"), huge,
	   "MAP_POPULATE maps by huge entries");
	munmap(p, size);
}

/* A mapping of a part: huge entries but at its edges. */
static void part(size_t off, size_t len)
{
	size_t first = (off + HUGE - 1) / HUGE * HUGE;
	size_t end = off + len == size ? huge : (off + len) / HUGE * HUGE;
	size_t inner = end > first ? end - first : 0;
	char *p = map(fd, len, off);

	if (inner)
		is((uintptr_t)p % HUGE, off % HUGE,
		   "%#zx bytes at %#zx: the address agrees", len, off);
	mark(p, len, off);
	ok(marked(p, len, off), "%#zx bytes at %#zx: right", len, off);
	munmap(p, len);

	p = map(fd, len, off);
	is(faults_of(p, len), inner / HUGE + (len - inner) / PAGE,
	   "%#zx bytes at %#zx: small pages at the edges only", len, off);
	is(smaps_sum(p, len, "FilePmdMapped"), inner,
	   "%#zx bytes at %#zx: huge entries", len, off);
	ok(contiguous_all(p, len, base + off),
	   "%#zx bytes at %#zx: in place", len, off);
	munmap(p, len);
}

/* At an address that huge entries cannot be used at. */
static void askew(void)
{
	size_t len = 4 * MIB + PAGE;
	char *room = anon(len + 2 * HUGE);
	char *at = (char *)(((uintptr_t)room + HUGE - 1) & -HUGE) + PAGE;
	char *p = mmap(at, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		       fd, 0);

	if (p != at)
		bail("MAP_FIXED");
	is(faults_of(p, len), len / PAGE, "an odd address: small pages");
	mark(p, len, 7);
	ok(marked_file(7) || len < size, "an odd address: right");
	ok(contiguous_all(p, len, base), "an odd address: in place");
	munmap(room, len + 2 * HUGE);
}

static void bounds(void)
{
	char *p = map(fd, PAGE, size - PAGE);

	*(__u64 *)(p + PAGE - 8) = 5;
	munmap(p, PAGE);
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, size);
	fails((long)p, EINVAL, "mmap behind the end");
	p = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, size - PAGE);
	fails((long)p, EINVAL, "mmap across the end");
	p = mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0);
	fails((long)p, EINVAL, "mmap of more than there is");
}

/* read() and write() across the border at off. */
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

static void borders(void)
{
	char bytes[4096];

	ok(across(HUGE, 100000, 50000), "read and write across 2 MiB");
	ok(across(2 * HUGE, 64, PAGE), "read and write across 4 MiB");
	ok(across(huge - HUGE, 1 * MIB, 1 * MIB),
	   "read and write across the last border between huge pages");
	if (tail)
		ok(across(huge, 1 * MIB, PAGE),
		   "read and write from the last huge page into the tail");

	is(pwrite(fd, bytes, sizeof(bytes), size - 100), 100,
	   "write across the end");
	fails(pwrite(fd, bytes, 1, size), ENOSPC, "write at the end");
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
	huge = size / HUGE * HUGE;
	tail = (size - huge) / PAGE;
	diag("%s, %#zx bytes at %#llx", argv[1], size, base);

	is(size, strtoull(argv[2], NULL, 0), "size");
	is(i.folio_size, HUGE, "folio_size");
	is(i.backing, KSHM_BACKING_CONTIG, "backing");
	is(base % HUGE, 0, "the address is aligned");
	whole();
	part(PAGE, size - PAGE);
	part(HUGE, size - HUGE);
	part(1 * MIB, 3 * MIB + 5 * PAGE);
	part(HUGE - PAGE, 2 * PAGE);
	part(0, huge - PAGE);
	part(size - HUGE - 3 * PAGE, HUGE + 3 * PAGE);
	askew();
	bounds();
	borders();
	return tap_done();
}
