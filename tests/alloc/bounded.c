// SPDX-License-Identifier: GPL-2.0-only
/*
 * bounded DIRECTORY: there are pages that look as if they could be migrated, but
 * are pinned. When there are few, a buffer is made where there are none. When
 * they are everywhere, a request ends in time, other users of configfs do not
 * wait long, and a killed program ends at once.
 */
#include "device.h"

#include <sched.h>
#include <signal.h>
#include <sys/uio.h>

#include "clock.h"
#include "configfs.h"
#include "hotplug.h"
#include "pagemap.h"

/*
 * On an idle machine a request that fails takes 2 seconds at most, and a killed
 * program some tenths of a second. What is asserted allows for a machine that has
 * much else to do.
 */
#define REQUEST_MS	20000
#define KILLED_MS	10000

#define PIPE_PAGES	256

/* Pipes that nobody reads have a reference to one page in each distance. */
static size_t pin(char *p, size_t size, size_t distance)
{
	size_t pos, pinned = 0;
	int fds[2];

	for (pos = distance / 2; pos + PAGE <= size; pos += distance, pinned++) {
		struct iovec iov = { .iov_base = p + pos, .iov_len = PAGE };

		if (pinned % PIPE_PAGES == 0) {
			if (pipe2(fds, O_CLOEXEC))
				bail("pipe");
			fcntl(fds[1], F_SETPIPE_SZ, PIPE_PAGES * PAGE);
		}
		if (vmsplice(fds[1], &iov, 1, SPLICE_F_NONBLOCK) != (ssize_t)PAGE)
			bail("vmsplice of page %zu", pinned);
	}
	return pinned;
}

/*
 * A file whose pages are in the page cache, where they look available; some are
 * pinned. Returns how many.
 */
static size_t cache_file(const char *path, size_t size, size_t distance)
{
	int fd = xopen(path, O_RDWR | O_CREAT);
	size_t pinned;
	char *p;

	if (ftruncate(fd, size))
		bail("ftruncate");
	p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		bail("mmap");
	touch(p, size);
	pinned = pin(p, size, distance);
	munmap(p, size);
	close(fd);
	return pinned;
}

static void uncache_file(const char *path)
{
	int fd = xopen(path, O_RDONLY);

	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

static void make_beside(const char *what)
{
	bool made;

	buffer_prepare("a", 96 * MIB);
	made = configfs_try("a", "live", "1");
	ok(made, "a buffer is made where no %s is pinned", what);
	buffer_drop("a");
}

/*
 * 128 MiB are free but for four pinned pages, so that they are the first choice;
 * elsewhere is page cache.
 */
static void beside_pages(void)
{
	cache_file("pinned", 128 * MIB, 32 * MIB);
	cache_file("cached", memory_figure("MemFree") - 64 * MIB, GIB * 1024);
	uncache_file("pinned");
	make_beside("page");
	unlink("pinned");
	unlink("cached");
}

/* The same with huge pages: only an attempt shows that they are pinned. */
static void beside_huge_pages(void)
{
	size_t size = 128 * MIB;
	char *p = anon(size + HUGE);
	char *start = huge_aligned(p);

	madvise(start, size, MADV_HUGEPAGE);
	memset(start, 1, size);
	pin(start, size, 32 * MIB);
	cache_file("cached", memory_figure("MemFree") - 64 * MIB, GIB * 1024);
	munmap(p, size + HUGE);
	make_beside("huge page");
	unlink("cached");
}

/* Half the size of a block, as no page is where it would be contiguous. */
static void pin_pages(void)
{
	size_t size = memory_figure("MemFree") * 3 / 4;
	size_t pinned = cache_file("pinned", size, MIB);

	diag("%zu pages are pinned in %zu MiB", pinned, (size_t)(size / MIB));
}

static pid_t creator(const char *name)
{
	pid_t pid = fork();

	if (!pid)
		_exit(configfs_try(name, "live", "1") ? 0 : 1);
	return pid;
}

/* The time that a request takes which fails. */
static void failing(size_t size)
{
	long long start;
	bool made;

	buffer_prepare("a", size);
	start = now_ms();
	made = configfs_try("a", "live", "1");
	start = now_ms() - start;
	buffer_drop("a");
	diag("%zu MiB: %s after %lld ms", (size_t)(size / MIB),
	     made ? "made" : "refused", start);
	ok(start < REQUEST_MS, "a request for %zu MiB ends in time",
	   (size_t)(size / MIB));
}

static void look(void)
{
	DIR *d = opendir(CONFIGFS);

	if (!d)
		bail("opendir");
	while (readdir(d))
		;
	closedir(d);
}

static void read_size(void)
{
	slurp(CONFIGFS "/a/size");
}

static void read_other(void)
{
	slurp(CONFIGFS "/b/live");
}

static void remove_it(void)
{
	if (rmdir(CONFIGFS "/a"))
		bail("rmdir");
}

/* Do something while a request is being refused. */
static void beside(const char *what, void (*fn)(void), size_t size)
{
	long long start;
	pid_t pid;

	buffer_prepare("a", size);
	pid = creator("a");
	nap_ms(50);
	start = now_ms();
	fn();
	start = now_ms() - start;
	child_status(pid);
	if (fn != remove_it)
		buffer_drop("a");
	diag("%s: %lld ms", what, start);
	ok(start < REQUEST_MS, "%s does not wait long", what);
}

static void kill_creators(size_t size)
{
	static const int delay_ms[] = { 0, 10, 50, 200, 400 };
	long long took, longest = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(delay_ms); i++) {
		pid_t pid;

		buffer_prepare("a", size);
		pid = creator("a");
		nap_ms(delay_ms[i]);
		kill(pid, SIGKILL);
		took = now_ms();
		child_status(pid);
		took = now_ms() - took;
		longest = took > longest ? took : longest;
		buffer_drop("a");
	}
	diag("a killed program: %lld ms at most", longest);
	ok(longest < KILLED_MS, "a killed program ends at once");
}

int main(int argc, char **argv)
{
	size_t size;

	if (argc != 2 || chdir(argv[1]))
		return 2;
	beside_pages();
	beside_huge_pages();
	pin_pages();
	size = memory_figure("MemTotal") / 2 / HUGE * HUGE;
	buffer_prepare("b", size);
	failing(5 * MIB);
	failing(32 * MIB);
	failing(size);
	beside("ls", look, size);
	beside("cat", read_size, size);
	beside("cat in another directory", read_other, size);
	beside("rmdir", remove_it, size);
	kill_creators(size);
	buffer_drop("b");
	unlink("pinned");
	return tap_done();
}
