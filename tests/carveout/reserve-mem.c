// SPDX-License-Identifier: GPL-2.0-only
/*
 * reserve-mem NAME SIZE: a buffer in the reservation NAME, which has SIZE bytes,
 * is removed while a pipe has some of its pages. Nobody gets these pages before
 * the pipe is closed. The module is loaded, without a buffer.
 */
#include "base.h"

#include <sys/uio.h>

#include "configfs.h"
#include "device.h"
#include "kernel.h"
#include "pagemap.h"
#include "pattern.h"
#include "unplug.h"

/* Bits of /proc/kpageflags. */
#define DIRTY		(1ULL << 4)
#define RESERVED	(1ULL << 32)

static const char *name;
static size_t size;
static long long start;		/* free memory */

static void prepare(const char *dir, const char *keep)
{
	buffer_prepare(dir, size);
	configfs_set(dir, "reserve_mem", name);
	configfs_set(dir, "keep", keep);
}

static int make(const char *keep)
{
	prepare("a", keep);
	configfs_set("a", "live", "1");
	return buffer_open("a");
}

static void refused(const char *keep, const char *when)
{
	prepare("b", keep);
	fails(configfs_try("b", "live", "1") ? 0 : -1, EBUSY,
	      "a new buffer with keep=%s %s: EBUSY", keep, when);
	buffer_drop("b");
}

/* The contents of a new buffer: the pattern with @seed, or zeros. */
static void remade(const char *keep, __u64 seed, const char *when)
{
	int fd = make(keep);
	char *p = map(fd, size, 0);

	ok(seed ? filled(p, size, seed) : zero(p, size),
	   "a new buffer with keep=%s %s has the %s", keep, when,
	   seed ? "contents of the one before" : "value 0 everywhere");
	munmap(p, size);
	close(fd);
	buffer_drop("a");
}

int main(int argc, char **argv)
{
	struct kshm_info i;
	struct iovec iov[2];
	int ends[2], fd;
	char *p, *room;

	if (argc != 3)
		return 2;
	name = argv[1];
	size = strtoull(argv[2], NULL, 0);
	room = anon(2 * PAGE);
	start = free_memory();

	fd = make("0");
	i = info(fd);
	is(i.backing, KSHM_BACKING_RESERVED, "backing");
	is(i.size, size, "size");
	is(i.folio_size, PAGE, "folio_size");
	ok(!(page_flags(i.phys_addr) & RESERVED),
	   "the first page is not marked as reserved while the buffer exists");
	p = map(fd, size, 0);
	ok(zero(p, size), "the buffer is zeroed");
	fill(p, size, 1);
	ok(is_allocated(start, 0), "the buffer takes no free memory");

	if (pipe2(ends, O_CLOEXEC))
		bail("pipe");
	iov[0].iov_base = p;
	iov[1].iov_base = p + size - PAGE;
	iov[0].iov_len = PAGE;
	iov[1].iov_len = PAGE;
	is(vmsplice(ends[1], iov, 2, 0), 2 * PAGE,
	   "vmsplice of the first and the last page to a pipe");
	refused("0", "while the buffer is live");
	buffer_drop("a");
	refused("0", "while the buffer is mapped and open");
	close(fd);
	refused("0", "while the buffer is mapped");
	munmap(p, size);

	refused("0", "while the pages are in the pipe");
	refused("1", "while the pages are in the pipe");
	ok(!(page_flags(i.phys_addr) & DIRTY), "a page in the pipe is not dirty");
	is(module_unload(), 0, "unload the module while the pages are in the pipe");
	if (module_load("buffers=none"))
		bail("load");
	refused("0", "after loading the module again");
	is(read(ends[0], room, PAGE), PAGE, "read a page from the pipe");
	refused("0", "while one page is in the pipe");
	is(read(ends[0], room + PAGE, PAGE), PAGE, "read the other page");
	ok(filled(room, PAGE, 1) &&
	   filled(room + PAGE, PAGE, 1 + (size - PAGE) / 8),
	   "the pages from the pipe have the contents of the buffer");
	close(ends[0]);
	close(ends[1]);

	remade("1", 1, "after the pipe was closed");
	ok(page_flags(i.phys_addr) & RESERVED,
	   "the first page is marked as reserved without a buffer");
	remade("0", 0, "after the pipe was closed");
	ok(is_allocated(start, 0), "no memory is lost");
	return tap_done();
}
