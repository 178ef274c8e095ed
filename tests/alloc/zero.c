// SPDX-License-Identifier: GPL-2.0-only
/*
 * zero: write to nearly all free memory and free it. Buffers that are allocated
 * from it must not show what was written, nor what was in earlier buffers.
 */
#include "base.h"

#include <sys/sysinfo.h>

#include "device.h"
#include "kernel.h"
#include "pagemap.h"

#define PARAMS	"buffers=4K,8K,12K,64K,1M,2M,2052K,3M,4M,6M,"
#define BUFFERS	11
#define CHUNK	(2 * MIB)
#define SPARE	(24 * MIB)	/* much less than all buffers together */
#define FRAMES	(8 * GIB / PAGE)	/* a guest has less memory */

/* Page frames that were written to; shared with the child that does it. */
static unsigned char *dirty;

static void dirty_memory(void)
{
	__u64 *phys = anon(CHUNK / PAGE * sizeof(*phys));
	struct sysinfo si;
	pid_t pid = fork();

	if (pid < 0)
		bail("fork");
	if (pid) {
		is(child_status(pid), 0, "nearly all free memory was written to");
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

/* Returns how many pages of all buffers are in dirty page frames. */
static size_t check_zero(const char *when)
{
	size_t pages = 0, i;
	char path[64];
	int n, fd;

	/* KASAN's slabs fragment memory that was full. */
	if (module_load(kasan() ? PARAMS "32M" : PARAMS "64M"))
		bail("load");
	for (n = 0; n < BUFFERS; n++) {
		struct kshm_info ki;
		unsigned char *p;

		snprintf(path, sizeof(path), "/dev/kshm%d", n);
		fd = xopen(path, O_RDWR);
		ki = info(fd);
		p = map(fd, ki.size, 0);
		is(first_not_zero(p, ki.size), ki.size, "%s: a buffer of %llu bytes is zero",
		   when, ki.size);
		for (i = 0; i < ki.size / PAGE; i++)
			if (ki.phys_addr / PAGE + i < FRAMES)
				pages += dirty[ki.phys_addr / PAGE + i];
		munmap(p, ki.size);
		close(fd);
	}
	return pages;
}

/* Fill all buffers, remember their page frames, and free them. */
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

	dirty = anon_shared(FRAMES);
	dirty_memory();
	reused = check_zero("from dirty memory");
	pages = use_and_unload();
	ok(reused > pages / 2, "%zu of %zu pages of the buffers had been dirty", reused,
	   pages);
	reused = check_zero("from memory of freed buffers");
	ok(reused, "%zu of %zu pages had been in the freed buffers", reused,
	   pages);
	if (module_unload())
		bail("unload");
	return tap_done();
}
