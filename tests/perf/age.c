// SPDX-License-Identifier: GPL-2.0-only
/*
 * age DIRECTORY TMPFS SEED COMMAND...: make memory as on a machine that has run
 * for long, then run COMMAND.
 *
 * Several workers mix, in an order that the seed decides: files created, appended
 * to, read and deleted, on a disk and in tmpfs; page cache; directories with many
 * names; anonymous memory mapped, and unmapped in pieces; pipes with data; short
 * processes, and some that stay. Page cache fills what is left, so that all of it
 * happens with little free memory. Then most is given up, as when the load
 * ends: some processes, pipes and files stay until COMMAND has ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define KIB		1024UL
#define MIB		(1024 * KIB)
#define PAGE		4096UL

#define WORKERS		4

/* What each worker does; in a phase it does more of one kind. */
#define STEPS		4000
#define PHASE		200

/* What each worker has at most */
#define FILES		400
#define DIRECTORIES	150
#define NAMES		100
#define AREAS		128
#define PIPES		400
#define PROCESSES	60
#define HOLE_SIZE	(512 * MIB)

/* Page tables of each process */
#define TABLES		64

/* Arguments of the processes that a worker starts */
#define SHORT		"short"
#define LONG		"long"

/* Of each kind, one in so many stays. */
#define STAYS		8

struct piece {
	char *start;
	size_t size;
};

static uint64_t state;
static const char *roots[2];
static int worker, hole, null;
static bool files[2][FILES];
static bool directories[DIRECTORIES];
static struct piece areas[AREAS];
static int pipes[PIPES][2];
static pid_t processes[PROCESSES];
static char data[MIB];

/* xorshift64* */
static uint64_t dice(uint64_t sides)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 32) % sides;
}

/* A size between @low and @high; small ones are as frequent as large ones. */
static size_t some_size(size_t low, size_t high)
{
	size_t size = low;

	while (size < high && dice(2))
		size *= 2;
	size += dice(size);
	return size < high ? size : high;
}

static void touch(char *start, size_t size)
{
	size_t i;

	for (i = 0; i < size; i += PAGE)
		start[i] = 1;
}

static char *file_path(int root, int n)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%d/file-%d", roots[root], worker, n);
	return path;
}

/* Full file systems are a part of it: what does not fit is not written. */
static void file_step(void)
{
	int root = dice(2), n = dice(FILES), fd;
	bool *exists = &files[root][n];
	char *path = file_path(root, n);

	if (*exists && dice(3) == 0) {
		unlink(path);
		*exists = false;
		return;
	}
	fd = open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
	if (fd < 0)
		return;
	if (*exists && dice(2)) {
		while (read(fd, data, sizeof(data)) > 0)
			;
	} else if (write(fd, data, some_size(2 * KIB, MIB)) > 0 &&
		   dice(20) == 0) {
		fsync(fd);
	}
	*exists = true;
	close(fd);
}

/* Page cache, as of a large file: a hole needs no disk. */
static void cache_step(void)
{
	off_t at = dice(HOLE_SIZE / MIB) * MIB;

	sendfile(null, hole, &at, some_size(256 * KIB, 8 * MIB));
}

/* Inodes and names, also of files that do not exist. */
static void directory_step(void)
{
	int n = dice(DIRECTORIES), i;
	char path[128], name[192];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%d/directory-%d", roots[n % 2], worker,
		 n);
	if (!directories[n])
		mkdir(path, 0700);
	for (i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%s/a-name-that-is-not-short-%d",
			 path, i);
		if (directories[n])
			unlink(name);
		else
			close(open(name, O_CREAT | O_WRONLY, 0600));
		strcat(name, "-and-does-not-exist");
		stat(name, &st);
	}
	if (directories[n])
		rmdir(path);
	directories[n] = !directories[n];
}

static void memory_step(void)
{
	struct piece *area = &areas[dice(AREAS)];
	size_t gone;

	if (!area->size) {
		area->size = some_size(64, 4096) * PAGE;
		area->start = mmap(NULL, area->size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (area->start == MAP_FAILED)
			die("mmap");
		touch(area->start, area->size);
		return;
	}
	/* its beginning, and what lies in the middle of the rest */
	gone = area->size / PAGE / 2 * PAGE;
	if (gone < 16 * PAGE)
		gone = area->size;
	munmap(area->start, gone);
	area->start += gone;
	area->size -= gone;
	if (area->size)
		madvise(area->start + area->size / PAGE / 4 * PAGE,
			area->size / PAGE / 2 * PAGE, MADV_DONTNEED);
}

static void pipe_drop(int n)
{
	if (!pipes[n][0])
		return;
	close(pipes[n][0]);
	close(pipes[n][1]);
	pipes[n][0] = 0;
}

static void pipe_step(void)
{
	int n = dice(PIPES);

	if (pipes[n][0]) {
		pipe_drop(n);
		return;
	}
	if (pipe2(pipes[n], O_NONBLOCK | O_CLOEXEC))
		die("pipe");
	if (write(pipes[n][1], data, 64 * KIB) <= 0)
		die("write to a pipe");
}

static void process_drop(int n)
{
	if (!processes[n])
		return;
	kill(processes[n], SIGKILL);
	waitpid(processes[n], NULL, 0);
	processes[n] = 0;
}

/* The program itself once more; it does what spawned() does. */
static pid_t process_start(const char *what)
{
	char *const args[] = { "age", (char *)what, NULL };
	pid_t pid;
	int err;

	err = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, args, args + 2);
	if (err) {
		errno = err;
		die("posix_spawn");
	}
	return pid;
}

/* A process has a stack, many page tables and some memory of its own. */
static int spawned(bool stays)
{
	char *start;
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	start = mmap(NULL, TABLES * 2 * MIB, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (start == MAP_FAILED)
		die("mmap");
	madvise(start, TABLES * 2 * MIB, MADV_NOHUGEPAGE);
	for (i = 0; i < TABLES; i++)
		touch(start + i * 2 * MIB, 2 * PAGE);
	while (stays)
		pause();
	return 0;
}

static void process_step(void)
{
	int n = dice(PROCESSES);

	if (dice(2))
		waitpid(process_start(SHORT), NULL, 0);
	else if (processes[n])
		process_drop(n);
	else
		processes[n] = process_start(LONG);
}

static void start(void)
{
	char path[128];
	int i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%d", roots[i], worker);
		if (mkdir(path, 0700))
			die(path);
	}
	snprintf(path, sizeof(path), "%s/%d/hole", roots[0], worker);
	hole = open(path, O_RDWR | O_CREAT, 0600);
	null = open("/dev/null", O_WRONLY);
	if (hole < 0 || null < 0 || ftruncate(hole, HOLE_SIZE))
		die(path);
}

/* One kind after the other prevails, so that the memory of each grows and shrinks. */
static void live(void)
{
	static void (*const steps[])(void) = {
		file_step, cache_step, directory_step, memory_step, pipe_step,
		process_step, file_step, cache_step,
	};
	const int kinds = sizeof(steps) / sizeof(*steps);
	int i;

	for (i = 0; i < STEPS; i++) {
		if (dice(2))
			steps[(i / PHASE + worker) % kinds]();
		else
			steps[dice(kinds)]();
	}
}

static void give_up(void)
{
	int i, root;

	for (i = 0; i < PROCESSES; i++) {
		if (dice(STAYS))
			process_drop(i);
	}
	for (i = 0; i < PIPES; i++) {
		if (dice(STAYS))
			pipe_drop(i);
	}
	for (i = 0; i < AREAS; i++) {
		if (areas[i].size && dice(STAYS))
			munmap(areas[i].start, areas[i].size);
	}
	for (root = 0; root < 2; root++) {
		for (i = 0; i < FILES; i++) {
			if (files[root][i] && dice(STAYS))
				unlink(file_path(root, i));
		}
	}
}

/* A process of its own, which tells when it is done, and then waits for its end. */
static pid_t worker_start(uint64_t seed, int done)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	state = seed * WORKERS + worker + 1;
	start();
	live();
	give_up();
	if (write(done, "", 1) != 1)
		die("write");
	for (;;)
		pause();
}

static int run(char **command)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		execvp(command[0], command);
		die(command[0]);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	pid_t workers[WORKERS];
	int done[2], status;
	char byte;

	if (argc == 2 && !strcmp(argv[1], SHORT))
		return spawned(false);
	if (argc == 2 && !strcmp(argv[1], LONG))
		return spawned(true);
	if (argc < 5)
		return 2;
	roots[0] = argv[1];
	roots[1] = argv[2];
	if (pipe2(done, O_CLOEXEC))
		die("pipe");
	for (worker = 0; worker < WORKERS; worker++)
		workers[worker] = worker_start(number(argv[3]), done[1]);
	close(done[1]);
	/* fewer when one has failed */
	for (worker = 0; worker < WORKERS; worker++) {
		if (read(done[0], &byte, 1) != 1)
			die("a worker ended early");
	}
	status = run(argv + 4);
	for (worker = 0; worker < WORKERS; worker++) {
		kill(workers[worker], SIGKILL);
		waitpid(workers[worker], NULL, 0);
	}
	return status;
}
