// SPDX-License-Identifier: GPL-2.0-only
/*
 * hugemap DEVICE...: mapped by 2 MiB entries wherever address and offset allow.
 * hugemap small DEVICE...: mapped by pages, being smaller.
 */
#include "guest.h"

#include <sys/resource.h>

static const char *path;
static int fd;
static size_t size;
static __u64 base;

static long faults(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return r.ru_minflt;
}

static size_t huge(const char *p, size_t len)
{
	return smaps_sum(p, len, "FilePmdMapped");
}

static void chosen_address(void)
{
	size_t rest = size % HUGE / PAGE;
	char *p = map(fd, size, 0);
	long before, after;

	is((uintptr_t)p % HUGE, 0, "%s: the address is one of 2 MiB", path);
	before = faults();
	touch(p, size);
	after = faults();
	is(huge(p, size), size / HUGE * HUGE, "%s: 2 MiB entries", path);
	ok(after - before <= (long)(size / HUGE + rest),
	   "%s: %ld faults for all", path, after - before);
	ok(contiguous(p, size, base), "%s: contiguous", path);
	fill(p, size, 1);
	is(huge(p, size), size / HUGE * HUGE, "%s: kept by stores", path);

	mprotect(p + PAGE, PAGE, PROT_READ);
	touch(p, size);
	is(huge(p, size), size / HUGE * HUGE - HUGE,
	   "%s: mprotect of a page splits one", path);
	ok(filled(p, size, 1), "%s: the bytes stay", path);
	ok(contiguous(p, size, base), "%s: contiguous", path);
	munmap(p, size);

	p = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	is(huge(p, size), size / HUGE * HUGE, "%s: by MAP_POPULATE", path);
	munmap(p, size);

	p = map(fd, size, 0);
	memset(p, 1, size);
	is(huge(p, size), size / HUGE * HUGE, "%s: by stores", path);
	munmap(p, size);
}

/*
 * The kernel picks an address that agrees with the offset where that is of any
 * use: where 2 MiB of the buffer lie behind it.
 */
static void chosen_with_offset(void)
{
	size_t off = 5 * PAGE, len = size - off;
	char *p;

	if (size < 2 * HUGE)
		return;
	p = map(fd, len, off);
	is((uintptr_t)p % HUGE, off, "%s: the address suits the offset", path);
	touch(p, len);
	is(huge(p, len), (size / HUGE - 1) * HUGE,
	   "%s: 2 MiB entries behind the offset", path);
	ok(contiguous(p, len, base + off), "%s: contiguous", path);
	munmap(p, len);
}

static void given_address(void)
{
	char *room = anon(size + 2 * HUGE);
	char *at = (char *)(((uintptr_t)room + HUGE - 1) & -HUGE);
	char *p;

	p = mmap(at + PAGE, size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, 0);
	touch(p, size);
	is(huge(p, size), 0, "%s: none where the address does not suit", path);
	ok(contiguous(p, size, base), "%s: contiguous", path);
	munmap(room, size + 2 * HUGE);

	room = anon(size + 2 * HUGE);
	at = (char *)(((uintptr_t)room + HUGE - 1) & -HUGE);
	p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 0);
	touch(p, size);
	is(huge(p, size), size / HUGE * HUGE, "%s: where it suits", path);
	munmap(room, size + 2 * HUGE);
}

static void small(void)
{
	char *p = map(fd, size, 0);

	touch(p, size);
	is(huge(p, size), 0, "%s: smaller than 2 MiB", path);
	is(info(fd).folio_size, PAGE, "%s: and says so", path);
	ok(contiguous(p, size, base), "%s: contiguous", path);
	munmap(p, size);
}

int main(int argc, char **argv)
{
	bool is_small = argc > 1 && !strcmp(argv[1], "small");
	int a;

	for (a = is_small ? 2 : 1; a < argc; a++) {
		path = argv[a];
		fd = xopen(path, O_RDWR);
		size = lseek(fd, 0, SEEK_END);
		base = info(fd).phys_addr;
		if (is_small) {
			small();
		} else {
			is(info(fd).folio_size, HUGE, "%s: says so", path);
			is(base % HUGE, 0, "%s: begins at one of 2 MiB", path);
			chosen_address();
			chosen_with_offset();
			given_address();
		}
		close(fd);
	}
	return tap_done();
}
