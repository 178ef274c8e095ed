// SPDX-License-Identifier: GPL-2.0-only
/*
 * hugepage DEVICE...: huge entries map these buffers wherever address and offset
 * allow. hugepage small DEVICE...: these are too small for huge entries.
 */
#include "base.h"

#include "device.h"
#include "pagemap.h"
#include "pattern.h"
#include "smaps.h"

static const char *path;
static int fd;
static size_t size;
static __u64 base;

static void chosen_address(void)
{
	size_t rest = size % HUGE / PAGE;
	char *p = map(fd, size, 0);
	long needed;

	is((uintptr_t)p % HUGE, 0,
	   "%s: mmap chooses an address that suits huge entries", path);
	needed = faults_of(p, size);
	is(huge_mapped(p, size), size / HUGE * HUGE,
	   "%s: bytes that huge entries map after loads", path);
	ok(needed <= (long)(size / HUGE + rest),
	   "%s: %ld faults map the whole buffer", path, needed);
	ok(contiguous(p, size, base), "%s: the mapping is contiguous", path);
	fill(p, size, 1);
	is(huge_mapped(p, size), size / HUGE * HUGE,
	   "%s: stores keep the huge entries", path);

	mprotect(p + PAGE, PAGE, PROT_READ);
	touch(p, size);
	is(huge_mapped(p, size), size / HUGE * HUGE - HUGE,
	   "%s: mprotect of a page splits one huge entry", path);
	ok(filled(p, size, 1), "%s: the bytes stay when it is split", path);
	ok(contiguous(p, size, base),
	   "%s: the mapping is contiguous when it is split", path);
	munmap(p, size);

	p = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	is(huge_mapped(p, size), size / HUGE * HUGE,
	   "%s: bytes that MAP_POPULATE maps by huge entries", path);
	munmap(p, size);

	p = map(fd, size, 0);
	memset(p, 1, size);
	is(huge_mapped(p, size), size / HUGE * HUGE,
	   "%s: bytes that huge entries map after stores", path);
	munmap(p, size);
}

/*
 * The kernel chooses an address that suits the offset if a whole huge page of
 * the buffer follows it.
 */
static void chosen_with_offset(void)
{
	size_t off = 5 * PAGE, len = size - off;
	char *p;

	if (size < 2 * HUGE)
		return;
	p = map(fd, len, off);
	is((uintptr_t)p % HUGE, off, "%s: mmap chooses an address that suits the offset", path);
	touch(p, len);
	is(huge_mapped(p, len), (size / HUGE - 1) * HUGE,
	   "%s: bytes that huge entries map after the offset", path);
	ok(contiguous(p, len, base + off),
	   "%s: the mapping at the offset is contiguous", path);
	munmap(p, len);
}

static void given_address(void)
{
	char *room = anon(size + 2 * HUGE);
	char *at = huge_aligned(room);
	char *p;

	p = mmap(at + PAGE, size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, 0);
	touch(p, size);
	is(huge_mapped(p, size), 0,
	   "%s: no huge entries at an address that does not suit them", path);
	ok(contiguous(p, size, base),
	   "%s: the mapping at such an address is contiguous", path);
	munmap(room, size + 2 * HUGE);

	room = anon(size + 2 * HUGE);
	at = huge_aligned(room);
	p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 0);
	touch(p, size);
	is(huge_mapped(p, size), size / HUGE * HUGE,
	   "%s: huge entries at a given address that suits them", path);
	munmap(room, size + 2 * HUGE);
}

static void too_small(void)
{
	char *p = map(fd, size, 0);

	touch(p, size);
	is(huge_mapped(p, size), 0, "%s: too small for huge entries", path);
	is(info(fd).folio_size, PAGE, "%s: folio_size is the page size", path);
	ok(contiguous(p, size, base), "%s: the mapping is contiguous", path);
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
			too_small();
		} else {
			is(info(fd).folio_size, HUGE,
			   "%s: folio_size is the huge page size", path);
			is(base % HUGE, 0,
			   "%s: phys_addr is a multiple of the huge page size",
			   path);
			chosen_address();
			chosen_with_offset();
			given_address();
		}
		close(fd);
	}
	return tap_done();
}
