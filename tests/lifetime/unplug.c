// SPDX-License-Identifier: GPL-2.0-only
/*
 * unplug: a device is removed while it is in use. Its users continue with their
 * memory, no other buffer gets it, and it is freed when the last one stops.
 */
#include "base.h"

#include <sys/sysmacros.h>

#include "configfs.h"
#include "device.h"
#include "kernel.h"
#include "memory.h"
#include "pattern.h"
#include "unplug.h"

#define HALF	(SIZE / 2)

static long long start;		/* free memory */
static char *room;
static int fd;			/* the removed device */
static char *p;			/* its mapping */
static struct kshm_info was;

static void remove_device(void)
{
	char path[32];
	struct stat st;

	fd = buffer_make("a", SIZE);
	was = info(fd);
	p = map(fd, SIZE, 0);
	fill(p, HALF, 1);
	snprintf(path, sizeof(path), "/dev/kshm%d", buffer_minor("a"));
	fstat(fd, &st);
	if (mknod("/tmp/unplugged", S_IFCHR | 0600, st.st_rdev))
		bail("mknod");

	configfs_set("a", "live", "0");
	fails(open(path, O_RDWR), ENOENT, "open of the removed device: ENOENT");
	fails(open("/tmp/unplugged", O_RDWR), ENODEV,
	      "open of another node of the removed device: ENODEV");
	ok(is_allocated(start, SIZE), "live=0: the memory stays allocated");
	buffer_drop("a");
	ok(is_allocated(start, SIZE), "rmdir: the memory stays allocated");
	fails(module_unload(), EAGAIN,
	      "unload while a removed device is in use: EAGAIN");
}

static void use_removed(void)
{
	struct kshm_info now = info(fd);
	char *q;
	pid_t pid;

	ok(!memcmp(&now, &was, sizeof(was)), "INFO of the removed device is unchanged");
	fill(p + HALF, HALF, 2);
	ok(filled(p, HALF, 1), "the mapping keeps its contents");
	ok(filled(p + HALF, HALF, 2),
	   "pages of the mapping can be faulted in");
	is(pread(fd, room, SIZE, 0), SIZE, "read from the removed device");
	ok(!memcmp(room, p, SIZE), "read returns the bytes of the mapping");
	fill(room, SIZE, 3);
	is(pwrite(fd, room, SIZE, 0), SIZE, "write to the removed device");
	ok(filled(p, SIZE, 3), "write changes the bytes of the mapping");
	q = map(fd, SIZE, 0);
	ok(filled(q, SIZE, 3), "the removed device can be mapped again");
	munmap(q, SIZE);
	pid = fork();
	if (!pid) {
		fill(p, SIZE, 4);
		_exit(0);
	}
	is(child_status(pid), 0, "a child stores bytes in the mapping");
	ok(filled(p, SIZE, 4), "the parent sees the bytes of the child");
}

static void new_buffer(void)
{
	int other;

	ok(are_disjoint(foreign_make("a"), was),
	   "a new buffer gets other memory");
	other = xopen("/tmp/unplugged", O_RDWR);
	ok(info(other).phys_addr != was.phys_addr,
	   "the other node is one of the new device now");
	close(other);
	ok(filled(p, SIZE, 4), "the old mapping is unchanged");
	fill(p, SIZE, 5);
	ok(foreign_unchanged("a"), "the new buffer is unchanged");
	buffer_drop("a");
}

static void stop_using(void)
{
	close(fd);
	ok(is_allocated(start, SIZE), "closed but mapped: the memory stays allocated");
	ok(filled(p, SIZE, 5), "closed but mapped: the contents stay");
	munmap(p, HALF);
	ok(is_allocated(start, SIZE), "half mapped: the memory stays allocated");
	ok(filled(p + HALF, HALF, 5 + HALF / 8), "half mapped: the contents stay");
	fails(module_unload(), EAGAIN, "half mapped: unload: EAGAIN");
	munmap(p + HALF, HALF);
	ok(is_allocated(start, 0), "not mapped: the memory is freed");
}

/* Small buffers come from the page allocator. */
static void many_small(void)
{
	int i, fds[32];
	bool good = true;

	for (i = 0; i < 32; i++) {
		fds[i] = buffer_make("s", 1 * MIB);
		buffer_drop("s");
		fill(room, MIB, i);
		good = good && pwrite(fds[i], room, MIB, 0) == MIB;
	}
	ok(is_allocated(start, 32 * MIB), "32 small buffers: the memory stays allocated");
	for (i = 0; i < 32; i++) {
		good = good && pread(fds[i], room, MIB, 0) == MIB &&
		       filled(room, MIB, i);
		close(fds[i]);
	}
	ok(good, "32 small buffers: the contents stay");
	ok(is_allocated(start, 0), "32 small buffers: the memory is freed");
}

int main(void)
{
	room = anon(SIZE);
	memset(room, 1, SIZE);
	start = free_memory();
	remove_device();
	use_removed();
	new_buffer();
	stop_using();
	many_small();
	unlink("/tmp/unplugged");
	return tap_done();
}
