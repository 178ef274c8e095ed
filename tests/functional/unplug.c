// SPDX-License-Identifier: GPL-2.0-only
/*
 * unplug: a device is taken away from under its users. They go on with the
 * memory that they had, nobody else gets it, and with the last one it returns.
 */
#include "guest.h"

#include <sys/sysmacros.h>

#include "configfs.h"
#include "memory.h"
#include "unplug.h"

#define HALF	(SIZE / 2)

static long long start;		/* free memory */
static char *room;
static int fd;
static char *p;
static struct kshm_info was;

static void take_away(void)
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
	fails(open(path, O_RDWR), ENOENT, "the device is gone");
	fails(open("/tmp/unplugged", O_RDWR), ENODEV, "no new open");
	ok(used(start, SIZE), "its memory is not free");
	buffer_drop("a");
	ok(used(start, SIZE), "nor without the directory");
	fails(module_unload(), EAGAIN, "the module stays");
}

static void go_on(void)
{
	struct kshm_info now = info(fd);
	char *q;
	pid_t pid;

	ok(!memcmp(&now, &was, sizeof(was)), "INFO says the same");
	fill(p + HALF, HALF, 2);
	ok(filled(p, HALF, 1), "contents stay");
	ok(filled(p + HALF, HALF, 2), "new pages come");
	is(pread(fd, room, SIZE, 0), SIZE, "read through the old file");
	ok(!memcmp(room, p, SIZE), "gets its own bytes");
	fill(room, SIZE, 3);
	is(pwrite(fd, room, SIZE, 0), SIZE, "write through the old file");
	ok(filled(p, SIZE, 3), "reaches the old mapping");
	q = map(fd, SIZE, 0);
	ok(filled(q, SIZE, 3), "the old file can be mapped anew");
	munmap(q, SIZE);
	pid = fork();
	if (!pid) {
		fill(p, SIZE, 4);
		_exit(0);
	}
	is(child_status(pid), 0, "a child inherits it");
	ok(filled(p, SIZE, 4), "and shares it");
}

static void others(void)
{
	int other;

	ok(apart(occupy("a"), was), "another buffer is elsewhere");
	other = xopen("/tmp/unplugged", O_RDWR);
	ok(info(other).phys_addr != was.phys_addr,
	   "the old node is another buffer's now");
	close(other);
	ok(filled(p, SIZE, 4), "the old mapping has its own bytes");
	fill(p, SIZE, 5);
	ok(foreign("a"), "and the new buffer its own");
	buffer_drop("a");
}

static void leave(void)
{
	close(fd);
	ok(used(start, SIZE), "closed but mapped: its memory is not free");
	ok(filled(p, SIZE, 5), "closed but mapped: contents stay");
	munmap(p, HALF);
	ok(used(start, SIZE), "half mapped: its memory is not free");
	ok(filled(p + HALF, HALF, 5 + HALF / 8), "half mapped: contents stay");
	fails(module_unload(), EAGAIN, "half mapped: the module stays");
	munmap(p + HALF, HALF);
	ok(used(start, 0), "its memory comes back with the last user");
}

/* Small buffers are memory of another kind. */
static void many(void)
{
	int i, fds[32];
	bool good = true;

	for (i = 0; i < 32; i++) {
		fds[i] = buffer_make("s", 1 * MIB);
		buffer_drop("s");
		fill(room, MIB, i);
		good = good && pwrite(fds[i], room, MIB, 0) == MIB;
	}
	ok(used(start, 32 * MIB), "32 small ones: their memory is not free");
	for (i = 0; i < 32; i++) {
		good = good && pread(fds[i], room, MIB, 0) == MIB &&
		       filled(room, MIB, i);
		close(fds[i]);
	}
	ok(good, "32 small ones: contents stay");
	ok(used(start, 0), "32 small ones: their memory comes back");
}

int main(void)
{
	room = anon(SIZE);
	memset(room, 1, SIZE);
	start = free_memory();
	take_away();
	go_on();
	others();
	leave();
	many();
	unlink("/tmp/unplugged");
	return tap_done();
}
