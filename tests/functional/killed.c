// SPDX-License-Identifier: GPL-2.0-only
/*
 * killed SIZE FILE: kill programs while they create a buffer, and see that
 * they end at once and leave nothing. Meanwhile others read FILE, so that
 * there is something to move.
 */
#include "guest.h"

#include <signal.h>
#include <time.h>

#include "configfs.h"
#include "memory.h"

#define READERS		2
#define FILE_SIZE	(200 * MIB)

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void nap(long long ms)
{
	const struct timespec t = {
		.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000
	};

	nanosleep(&t, NULL);
}

static pid_t reader(const char *path)
{
	pid_t pid = fork();

	if (!pid) {
		int fd = xopen(path, O_RDONLY);
		char *room = anon(MIB);

		for (;;) {
			while (read(fd, room, MIB) > 0)
				;
			posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
			lseek(fd, 0, SEEK_SET);
		}
	}
	return pid;
}

static pid_t creator(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(configfs_try("a", "live", "1") ? 0 : 1);
	return pid;
}

/* How long a creation takes when nobody kills it, ms. */
static long long undisturbed(void)
{
	long long start = now();
	pid_t pid = creator();

	is(child_status(pid), 0, "created when nobody kills");
	start = now() - start;
	configfs_set("a", "live", "0");
	return start;
}

/* Kill after some time. Whether that came before the creation was done. */
static bool kill_after(long long ms, long long *took)
{
	pid_t pid = creator();
	long long start;
	int status;

	nap(ms);
	start = now();
	kill(pid, SIGKILL);
	status = child_status(pid);
	*took = now() - start;
	return status == 256 + SIGKILL;
}

int main(int argc, char **argv)
{
	static const int percent[] = { 0, 1, 5, 10, 20, 40, 60, 80 };
	long long whole = 0, took, worst = 0, before, after;
	unsigned int i, killed = 0, live = 0;
	pid_t readers[READERS];
	size_t size;
	int fd;

	if (argc != 3)
		return 2;
	size = strtoull(argv[1], NULL, 0);
	fd = xopen(argv[2], O_RDWR | O_CREAT);
	if (ftruncate(fd, FILE_SIZE))
		bail("ftruncate");
	buffer_prepare("a", size);
	before = free_memory();
	for (i = 0; i < READERS; i++)
		readers[i] = reader(argv[2]);

	for (i = 0; i < 5; i++)
		whole = undisturbed();
	diag("%zu bytes take %lld ms when nobody kills", size, whole);
	for (i = 0; i < ARRAY_SIZE(percent); i++) {
		bool early = kill_after(whole * percent[i] / 100, &took);

		killed += early;
		worst = took > worst ? took : worst;
		/* Either there is no device, or it is whole. */
		if (strcmp(slurp(CONFIGFS "/a/live"), "1\n") == 0) {
			live += early;
			close(buffer_open("a"));
		}
		configfs_set("a", "live", "0");
	}
	diag("%u of %zu killed in time, %u of them live all the same", killed,
	     ARRAY_SIZE(percent), live);
	diag("at most %lld ms until the end", worst);
	ok(killed >= 3, "programs are killed in the middle");
	ok(live <= 1, "and do not create any more");
	/* KASAN makes freeing what was taken slower than taking it elsewhere */
	ok(worst < (kasan() ? 3 * whole : whole / 2 + 200),
	   "they end long before they would be done");

	for (i = 0; i < READERS; i++) {
		kill(readers[i], SIGKILL);
		child_status(readers[i]);
	}
	is(undisturbed() > 0, true, "a creation takes time");
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	after = free_memory();
	ok(after > before - (long long)(16 * MIB), "nothing is lost");
	diag("free before %lld, after %lld", before, after);
	buffer_drop("a");
	return tap_done();
}
