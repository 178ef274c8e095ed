// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write over nearly all free memory and free it, make buffers from it, and
 * look for what was written. Then again with what was in the buffers.
 */
#include "guest.h"

#include <sys/sysinfo.h>

#include "memory.h"

#define PARAMS	"buffers=4K,8K,12K,64K,1M,2M,2052K,3M,4M,6M,"
#define BUFFERS	11
#define CHUNK	(2 * MIB)
#define SPARE	(24 * MIB)	/* much less than all buffers together */
#define FRAMES	(8 * GIB / PAGE)

/* Which page frames were written over; shared with the child that does it. */
static unsigned char *dirty;

static void dirty_memory(void)
{
	static __u64 phys[CHUNK / PAGE];
	struct sysinfo si;
	pid_t pid = fork();

	if (pid < 0)
		bail("fork");
	if (pid) {
		is(child_status(pid), 0, "free memory was written over");
		return;
	}
	for (;;) {
		char *p = anon(CHUNK);
		size_t i;

		madvise(p, CHUNK, MADV_HUGEPAGE);
		memset(p, 0xa5, CHUNK);
		phys_pages(p, CHUNK / PAGE, phys);
		for (i = 0; i < CHUNK / PAGE; i++)
			if (phys[i] && phys[i] / PAGE < FRAMES)
				dirty[phys[i] / PAGE] = 1;
		if (sysinfo(&si) || si.freeram * si.mem_unit < SPARE)
			_exit(0);
	}
}

static size_t first_not_zero(const unsigned char *p, size_t size)
{
	const __u64 *w = (const void *)p;
	size_t i;

	for (i = 0; i < size / 8; i++)
		if (w[i])
			return 8 * i;
	return size;
}

/* How many pages of all buffers are among the frames that were dirty. */
static size_t look(const char *when)
{
	size_t pages = 0, i;
	char path[64];
	int n, fd;

	/* after memory was full KASAN's slabs lie about */
	if (module_load(kasan() ? PARAMS "32M" : PARAMS "64M"))
		bail("load");
	for (n = 0; n < BUFFERS; n++) {
		struct kshm_info ki;
		unsigned char *p;

		snprintf(path, sizeof(path), "/dev/kshm%d", n);
		fd = xopen(path, O_RDWR);
		ki = info(fd);
		p = map(fd, ki.size, 0);
		is(first_not_zero(p, ki.size), ki.size, "%s: %llu bytes of 0",
		   when, ki.size);
		for (i = 0; i < ki.size / PAGE; i++)
			if (ki.phys_addr / PAGE + i < FRAMES)
				pages += dirty[ki.phys_addr / PAGE + i];
		munmap(p, ki.size);
		close(fd);
	}
	return pages;
}

/* Fill all buffers, remember where they are, and give them back. */
static size_t use_and_unload(void)
{
	size_t pages = 0;
	char path[64];
	int n, fd;

	memset(dirty, 0, FRAMES);
	for (n = 0; n < BUFFERS; n++) {
		struct kshm_info ki;
		unsigned char *p;

		snprintf(path, sizeof(path), "/dev/kshm%d", n);
		fd = xopen(path, O_RDWR);
		ki = info(fd);
		p = map(fd, ki.size, 0);
		memset(p, 0x5a, ki.size);
		if (ki.phys_addr / PAGE < FRAMES)
			memset(dirty + ki.phys_addr / PAGE, 1, ki.size / PAGE);
		pages += ki.size / PAGE;
		munmap(p, ki.size);
		close(fd);
	}
	if (module_unload())
		bail("unload");
	return pages;
}

int main(void)
{
	size_t pages, reused;

	dirty = mmap(NULL, FRAMES, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (dirty == MAP_FAILED)
		bail("mmap");
	dirty_memory();
	reused = look("made of dirty memory");
	pages = use_and_unload();
	ok(reused > pages / 2, "%zu of %zu pages were dirty", reused, pages);
	reused = look("made again");
	ok(reused, "%zu of %zu pages are those of the last buffers", reused,
	   pages);
	if (module_unload())
		bail("unload");
	return tap_done();
}
