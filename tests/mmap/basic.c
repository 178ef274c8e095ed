// SPDX-License-Identifier: GPL-2.0-only
/* basic DEVICE: fork, munmap, mprotect, mremap, mlock of a mapping. */
#include "base.h"

#include <signal.h>

#include "device.h"
#include "pagemap.h"
#include "pattern.h"

#define NO_SIGNAL	0

static int fd;
static size_t size;
static __u64 base;	/* physical address */

/* The signal that an access ends a process with, or NO_SIGNAL. */
static int signal_of(char *p, bool store)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		bail("fork");
	if (!pid) {
		if (store)
			__atomic_store_n(p, 1, __ATOMIC_RELAXED);
		else
			touch(p, 1);
		_exit(0);
	}
	status = child_status(pid);
	return status ? status - 256 : NO_SIGNAL;
}

/* Whether a mapping shows the right bytes at the right physical addresses. */
static bool good(const void *p, size_t len, size_t off)
{
	if (!same_as_file(fd, p, len, off))
		return false;
	touch(p, len);
	return contiguous(p, len, base + off);
}

static void populate(void)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, fd, 0);

	ok(p != MAP_FAILED && contiguous(p, size, base),
	   "MAP_POPULATE maps all pages at once");
	munmap(p, size);
	p = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_LOCKED, fd, 0);
	ok(p != MAP_FAILED && good(p, size, 0),
	   "MAP_LOCKED maps the buffer");
	munmap(p, size);
}

static void unaligned(void)
{
	char *hint = anon(size + 2 * HUGE);
	char *at = huge_aligned(hint) + 3 * PAGE;
	char *p;

	munmap(hint, size + 2 * HUGE);
	p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 0);
	ok(p == at && good(p, size, 0),
	   "MAP_FIXED at an address that does not suit huge entries");
	munmap(p, size);
	p = mmap(at, size - PAGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, PAGE);
	ok(p == at && good(p, size - PAGE, PAGE),
	   "MAP_FIXED at such an address, from the second page on");
	munmap(p, size);
}

static void fork_mapping(void)
{
	char *p = map(fd, size, 0);
	pid_t pid;

	fill(p, size, 1);
	pid = fork();
	if (!pid) {
		bool same = filled(p, size, 1);

		fill(p, size, 2);
		munmap(p + PAGE, PAGE);
		_exit(same ? 0 : 1);
	}
	is(child_status(pid), 0, "a child sees the bytes that the parent stored");
	ok(filled(p, size, 2),
	   "the parent sees the bytes that the child stored");
	pid = fork();
	if (!pid) {
		touch(p, size);
		raise(SIGKILL);
	}
	is(child_status(pid), 256 + SIGKILL, "a child with the mapping is killed");
	ok(good(p, size, 0),
	   "the parent's mapping is intact after the child was killed");
	munmap(p, size);
}

static void unmap_parts(void)
{
	char *p = map(fd, size, 0);
	size_t mid = size / 2;

	fill(p, size, 3);
	munmap(p + mid, PAGE);
	is(signal_of(p + mid, false), SIGSEGV,
	   "load from an unmapped page: SIGSEGV");
	ok(good(p, mid, 0), "the mapping before the unmapped page stays");
	ok(good(p + mid + PAGE, size - mid - PAGE, mid + PAGE),
	   "the mapping after the unmapped page stays");
	p = mmap(p + mid, PAGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, mid) - mid;
	ok(filled(p, size, 3), "the unmapped page is mapped again with its bytes");
	munmap(p, PAGE);
	munmap(p + size - PAGE, PAGE);
	ok(good(p + PAGE, size - 2 * PAGE, PAGE),
	   "the mapping stays when both its ends are unmapped");
	munmap(p, size);
}

static void protect_parts(void)
{
	char *p = map(fd, size, 0);
	size_t i;

	fill(p, size, 4);
	ok(!mprotect(p, size, PROT_READ), "mprotect to PROT_READ succeeds");
	is(signal_of(p, true), SIGSEGV, "PROT_READ: a store: SIGSEGV");
	ok(good(p, size, 0), "PROT_READ: loads return the bytes");
	ok(!mprotect(p, size, PROT_NONE), "mprotect to PROT_NONE succeeds");
	is(signal_of(p + PAGE, false), SIGSEGV, "PROT_NONE: a load: SIGSEGV");
	ok(!mprotect(p, size, PROT_READ | PROT_WRITE),
	   "mprotect back to PROT_READ, PROT_WRITE succeeds");
	ok(good(p, size, 0), "after mprotect and back loads return the bytes");
	for (i = 0; i < size; i += 2 * PAGE)
		mprotect(p + i, PAGE, PROT_READ);
	ok(good(p, size, 0),
	   "every other page read-only: loads return the bytes");
	is(signal_of(p + 2 * PAGE, true), SIGSEGV,
	   "every other page read-only: store to a read-only page: SIGSEGV");
	is(signal_of(p + 3 * PAGE, true), NO_SIGNAL,
	   "every other page read-only: store to a writable page");
	ok(!mprotect(p, size, PROT_READ | PROT_WRITE),
	   "mprotect of all pages back to writable succeeds");
	fill(p, size, 5);
	ok(good(p, size, 0), "all pages writable: stores reach the buffer");
	munmap(p, size);
}

static void remap_parts(void)
{
	char *p = map(fd, size, 0), *room = anon(2 * (size + HUGE)), *q;
	char *far = room + size + HUGE;

	fill(p, size, 6);
	q = mremap(p, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, room);
	ok(q == room && good(q, size, 0), "mremap moves the mapping");
	is(signal_of(p, false), SIGSEGV,
	   "mremap leaves nothing at the old address");
	q = mremap(room, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, far);
	ok(q == far && good(q, size, 0), "mremap moves the mapping again");
	p = mremap(q, size, size / 2, 0);
	ok(p == q && good(p, size / 2, 0), "mremap to half the size");
	is(signal_of(p + size / 2, false), SIGSEGV,
	   "mremap to half the size unmaps the rest");
	q = mremap(p + PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room);
	ok(q == room && good(q, PAGE, PAGE), "mremap moves one page out of the mapping");
	ok(good(p, PAGE, 0), "the mapping before the moved page stays");
	ok(good(p + 2 * PAGE, size / 2 - 2 * PAGE, 2 * PAGE),
	   "the mapping after the moved page stays");
	fails((long)mremap(p, PAGE, PAGE,
			   MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL), EINVAL,
	      "MREMAP_DONTUNMAP: EINVAL");
	munmap(room, 2 * (size + HUGE));
}

static void lock_pages(void)
{
	char *p = map(fd, size, 0), *q;

	fill(p, size, 7);
	ok(!mlock(p, size) && good(p, size, 0),
	   "mlock leaves the mapping intact");
	ok(!munlock(p, size) && good(p, size, 0),
	   "munlock leaves the mapping intact");
	ok(!mlockall(MCL_CURRENT | MCL_FUTURE), "mlockall succeeds");
	q = map(fd, size, 0);
	ok(good(q, size, 0) && good(p, size, 0),
	   "mlockall: old and new mappings are intact");
	munmap(q, size);
	ok(!munlockall(), "munlockall succeeds");
	ok(good(p, size, 0), "munlockall leaves the mapping intact");
	munmap(p, size);
}

/* The kernel reorganizes its memory, and the buffer stays where it is. */
static void reorganize(void)
{
	char *p = map(fd, size, 0);

	fill(p, size, 8);
	put("/proc/sys/vm/compact_memory", "1");
	put("/proc/sys/vm/drop_caches", "3");
	put("/sys/kernel/debug/split_huge_pages", "1");
	ok(filled(p, size, 8) && good(p, size, 0),
	   "compaction, drop_caches, split_huge_pages change nothing");
	munmap(p, size);
}

int main(int argc, char **argv)
{
	char *p;

	fd = device_open(argc, argv, &size);
	base = info(fd).phys_addr;
	p = map(fd, size, 0);
	ok(good(p, size, 0), "mmap maps the whole buffer");
	munmap(p, size);
	populate();
	unaligned();
	fork_mapping();
	unmap_parts();
	protect_parts();
	remap_parts();
	lock_pages();
	reorganize();
	return tap_done();
}
