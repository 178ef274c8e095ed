// SPDX-License-Identifier: GPL-2.0-only
/* mmap DEVICE: fork, munmap, mprotect, mremap, mlock of a mapping. */
#include "guest.h"

#include <signal.h>

static int fd;
static size_t size;
static __u64 base;	/* physical address */

/* Whether an access ends a process with a signal, and which. */
static int signal_of(char *p, bool store)
{
	pid_t pid = fork();

	if (pid < 0)
		bail("fork");
	if (!pid) {
		if (store)
			__atomic_store_n(p, 1, __ATOMIC_RELAXED);
		else
			touch(p, 1);
		_exit(0);
	}
	return child_status(pid) - 256;
}

static bool good(const void *p, size_t len, size_t off)
{
	char *copy = anon(len);
	bool same;

	same = pread(fd, copy, len, off) == (ssize_t)len &&
	       !memcmp(p, copy, len);
	munmap(copy, len);
	touch(p, len);
	return same && contiguous(p, len, base + off);
}

static void populate(void)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, fd, 0);

	ok(p != MAP_FAILED && contiguous(p, size, base),
	   "MAP_POPULATE maps all at once");
	munmap(p, size);
	p = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_LOCKED, fd, 0);
	ok(p != MAP_FAILED && good(p, size, 0), "MAP_LOCKED");
	munmap(p, size);
}

static void unaligned(void)
{
	char *hint = anon(size + 2 * HUGE);
	char *at = (char *)(((uintptr_t)hint + HUGE - 1) & -HUGE) + 3 * PAGE;
	char *p;

	munmap(hint, size + 2 * HUGE);
	p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 0);
	ok(p == at && good(p, size, 0), "MAP_FIXED at no huge page's address");
	munmap(p, size);
	p = mmap(at, size - PAGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, PAGE);
	ok(p == at && good(p, size - PAGE, PAGE), "with an offset");
	munmap(p, size);
}

static void forks(void)
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
	is(child_status(pid), 0, "a child sees the bytes");
	ok(filled(p, size, 2), "the parent sees what it wrote");
	pid = fork();
	if (!pid) {
		touch(p, size);
		raise(SIGKILL);
	}
	is(child_status(pid), 256 + SIGKILL, "a child is killed");
	ok(good(p, size, 0), "the parent's mapping is intact");
	munmap(p, size);
}

static void unmaps(void)
{
	char *p = map(fd, size, 0);
	size_t mid = size / 2;

	fill(p, size, 3);
	munmap(p + mid, PAGE);
	is(signal_of(p + mid, false), SIGSEGV, "a hole is a hole");
	ok(good(p, mid, 0), "what is before it stays");
	ok(good(p + mid + PAGE, size - mid - PAGE, mid + PAGE),
	   "what is behind it stays");
	p = mmap(p + mid, PAGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, fd, mid) - mid;
	ok(filled(p, size, 3), "the hole is mapped again");
	munmap(p, PAGE);
	munmap(p + size - PAGE, PAGE);
	ok(good(p + PAGE, size - 2 * PAGE, PAGE), "without both ends");
	munmap(p, size);
}

static void protects(void)
{
	char *p = map(fd, size, 0);
	size_t i;

	fill(p, size, 4);
	ok(!mprotect(p, size, PROT_READ), "mprotect to read");
	is(signal_of(p, true), SIGSEGV, "no store");
	ok(good(p, size, 0), "loads");
	ok(!mprotect(p, size, PROT_NONE), "mprotect to nothing");
	is(signal_of(p + PAGE, false), SIGSEGV, "no load");
	ok(!mprotect(p, size, PROT_READ | PROT_WRITE), "mprotect back");
	ok(good(p, size, 0), "loads");
	for (i = 0; i < size; i += 2 * PAGE)
		mprotect(p + i, PAGE, PROT_READ);
	ok(good(p, size, 0), "every other page read-only: loads");
	is(signal_of(p + 2 * PAGE, true), SIGSEGV, "a read-only page");
	is(signal_of(p + 3 * PAGE, true), -256, "a writable page");
	ok(!mprotect(p, size, PROT_READ | PROT_WRITE), "mprotect back");
	fill(p, size, 5);
	ok(good(p, size, 0), "stores");
	munmap(p, size);
}

static void remaps(void)
{
	char *p = map(fd, size, 0), *room = anon(2 * (size + HUGE)), *q;
	char *far = room + size + HUGE;

	fill(p, size, 6);
	q = mremap(p, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, room);
	ok(q == room && good(q, size, 0), "moved");
	is(signal_of(p, false), SIGSEGV, "and gone where it was");
	q = mremap(room, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, far);
	ok(q == far && good(q, size, 0), "moved again");
	p = mremap(q, size, size / 2, 0);
	ok(p == q && good(p, size / 2, 0), "shrunk to a half");
	is(signal_of(p + size / 2, false), SIGSEGV, "the rest is gone");
	q = mremap(p + PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, room);
	ok(q == room && good(q, PAGE, PAGE), "one page moved out");
	ok(good(p, PAGE, 0), "what is before it stays");
	ok(good(p + 2 * PAGE, size / 2 - 2 * PAGE, 2 * PAGE),
	   "what is behind it stays");
	fails((long)mremap(p, PAGE, PAGE,
			   MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL), EINVAL,
	      "MREMAP_DONTUNMAP");
	munmap(room, 2 * (size + HUGE));
}

static void locks(void)
{
	char *p = map(fd, size, 0), *q;

	fill(p, size, 7);
	ok(!mlock(p, size) && good(p, size, 0), "mlock");
	ok(!munlock(p, size) && good(p, size, 0), "munlock");
	ok(!mlockall(MCL_CURRENT | MCL_FUTURE), "mlockall");
	q = map(fd, size, 0);
	ok(good(q, size, 0) && good(p, size, 0), "mapped while all is locked");
	munmap(q, size);
	ok(!munlockall(), "munlockall");
	ok(good(p, size, 0), "unlocked");
	munmap(p, size);
}

static void put(const char *path, const char *text)
{
	int f = xopen(path, O_WRONLY);

	if (write(f, text, strlen(text)) < 0)
		bail("write %s", path);
	close(f);
}

/* The memory must not move, whatever the kernel is told to do with memory. */
static void moves(void)
{
	char *p = map(fd, size, 0);
	unsigned long node = 1;
	int status = -1, zero = 0;
	void *page = p;

	fill(p, size, 8);
	put("/proc/sys/vm/compact_memory", "1");
	put("/proc/sys/vm/drop_caches", "3");
	put("/sys/kernel/debug/split_huge_pages", "1");
	ok(filled(p, size, 8) && good(p, size, 0),
	   "compaction, drop_caches, split_huge_pages");
	ok(!syscall(SYS_mbind, p, size, 2, &node, 8, 6), "mbind with MOVE_ALL");
	ok(!syscall(SYS_move_pages, 0, 1UL, &page, &zero, &status, 4),
	   "move_pages with MOVE_ALL");
	is(status, 0, "the page is on node 0");
	ok(filled(p, size, 8) && good(p, size, 0), "nothing moved");
	munmap(p, size);
}

int main(int argc, char **argv)
{
	char *p;

	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	base = info(fd).phys_addr;
	diag("%s, %zu bytes", argv[1], size);
	p = map(fd, size, 0);
	ok(good(p, size, 0), "mapped");
	munmap(p, size);
	populate();
	unaligned();
	forks();
	unmaps();
	protects();
	remaps();
	locks();
	moves();
	return tap_done();
}
