// SPDX-License-Identifier: GPL-2.0-only
/*
 * sigkill SIZE FILE: kill programs while they create a buffer. They end soon and
 * leave nothing. Other programs read FILE all the time, so that there are pages
 * to migrate.
 */
#include "base.h"

#include <signal.h>

#include "clock.h"
#include "configfs.h"
#include "kernel.h"
#include "memory.h"

#define READERS		2
#define FILE_SIZE	(200 * MIB)

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

/*
 * Milliseconds that creation takes when the program is not killed. Beside the
 * readers an attempt can fail: their pages are busy.
 */
static long long undisturbed(void)
{
	long long start;
	int status, attempts = 0;

	do {
		start = now_ms();
		status = child_status(creator());
	} while (status && ++attempts < 20);
	is(status, 0, "the buffer is created when the program is not killed");
	start = now_ms() - start;
	configfs_set("a", "live", "0");
	return start;
}

/* Kill after some time. Returns whether the program had not finished yet. */
static bool kill_after(long long ms, long long *took)
{
	pid_t pid = creator();
	long long start;
	int status;

	nap_ms(ms);
	start = now_ms();
	kill(pid, SIGKILL);
	status = child_status(pid);
	*took = now_ms() - start;
	return status == 256 + SIGKILL;
}

int main(int argc, char **argv)
{
	static const int percent[] = { 0, 1, 5, 10, 20, 40, 60, 80 };
	long long whole = 0, took, worst = 0, sum = 0, left = 0, before, after;
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
	diag("%zu bytes take %lld ms when the program is not killed", size,
	     whole);
	for (i = 0; i < ARRAY_SIZE(percent); i++) {
		bool early = kill_after(whole * percent[i] / 100, &took);

		killed += early;
		worst = took > worst ? took : worst;
		sum += took;
		left += whole * (100 - percent[i]) / 100;
		/* Either there is no device, or it can be opened. */
		if (strcmp(slurp(CONFIGFS "/a/live"), "1\n") == 0) {
			live += early;
			close(buffer_open("a"));
		}
		configfs_set("a", "live", "0");
	}
	diag("%lld ms from the signal to the end, at most", worst);
	ok(killed >= 3, "%u of %zu programs are killed before they finish",
	   killed, ARRAY_SIZE(percent));
	ok(live <= 1, "%u of them have created the buffer nevertheless", live);
	/* With KASAN freeing is slower than allocating is elsewhere. */
	ok(worst < (kasan() ? 3 * whole : whole + 200),
	   "each killed program ends before it would have finished");
	ok(sum < (kasan() ? 3 : 1) * left / 2,
	   "killed programs together take less than half of what was left, %lld of %lld ms",
	   sum, left);

	for (i = 0; i < READERS; i++) {
		kill(readers[i], SIGKILL);
		child_status(readers[i]);
	}
	undisturbed();
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	after = free_memory();
	diag("free before %lld, after %lld", before, after);
	ok(after > before - (long long)(16 * MIB),
	   "less than 16 MiB are missing");
	buffer_drop("a");
	return tap_done();
}
