// SPDX-License-Identifier: GPL-2.0-only
/*
 * concurrent FILE ROUNDS: several programs create so many buffers each at the same
 * time, while others fault in their own buffer or do O_DIRECT between it and FILE.
 * Each sees only its own bytes.
 */
#include "base.h"

#include <signal.h>

#include "configfs.h"
#include "device.h"
#include "memory.h"
#include "pattern.h"

#define CREATORS	3
#define USER_SIZE	(24 * MIB + 3 * PAGE)
#define PIECE		(2 * MIB)
#define LOST_LIMIT	512	/* pages */

/* Counted by each child; shared with them. */
static struct tally {
	unsigned long done;
	unsigned long refused;
	unsigned long wrong;
} *tallies;

/* In each round: create a buffer of another size, fill it, check it, remove it. */
static void create(unsigned int who, unsigned int rounds, struct tally *t)
{
	char name[16], text[32];
	unsigned int i;

	snprintf(name, sizeof(name), "new%u", who);
	buffer_prepare(name, PAGE);
	for (i = 0; i < rounds; i++) {
		size_t size = (4 + (i * 7 + who * 13) % 60) * MIB +
			      i % 3 * PAGE;
		__u64 seed = who * 1000 + i;
		char *p;
		int fd;

		snprintf(text, sizeof(text), "%zu", size);
		configfs_set(name, "size", text);
		if (!configfs_try(name, "live", "1")) {
			t->refused++;
			continue;
		}
		fd = buffer_open(name);
		p = map(fd, size, 0);
		t->wrong += !zero(p, size);
		fill(p, size, seed);
		configfs_set(name, "live", "0");
		t->wrong += !filled(p, size, seed);
		munmap(p, size);
		close(fd);
		t->done++;
	}
	buffer_drop(name);
}

/* Fault in parts of a buffer, again and again. */
static void fault(int fd, struct tally *t)
{
	__u64 seed;

	for (seed = 0; ; seed++) {
		size_t off = seed * 37 % (USER_SIZE / PAGE - 600) * PAGE;
		size_t len = (1 + seed * 11 % 599) * PAGE;
		char *p = map(fd, len, off);

		fill(p, len, seed);
		madvise(p, len, MADV_DONTNEED);
		t->wrong += !filled(p, len, seed);
		munmap(p, len);
		t->done++;
	}
}

/* Write from a mapping to the disk, and read back to another part of it. */
static void direct(int fd, const char *path, struct tally *t)
{
	int d = xopen(path, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT);
	char *p = map(fd, USER_SIZE, 0);
	__u64 seed;

	for (seed = 0; ; seed++) {
		char *from = p + seed * 5 % 8 * PAGE;
		char *to = p + 8 * MIB + seed * 3 % 8 * PAGE;

		fill(from, PIECE, seed);
		if (pwrite(d, from, PIECE, 0) != (ssize_t)PIECE ||
		    pread(d, to, PIECE, 0) != (ssize_t)PIECE)
			bail("O_DIRECT");
		t->wrong += !filled(to, PIECE, seed);
		t->done++;
	}
}

int main(int argc, char **argv)
{
	pid_t creators[CREATORS], faulter, director;
	int i, rounds, fault_fd, direct_fd;
	long before;

	if (argc != 3)
		return 2;
	rounds = atoi(argv[2]);
	tallies = anon_shared(PAGE);
	before = free_pages();
	fault_fd = buffer_make("faulted", USER_SIZE);
	direct_fd = buffer_make("direct", USER_SIZE);

	faulter = fork();
	if (!faulter)
		fault(fault_fd, &tallies[CREATORS]);
	director = fork();
	if (!director)
		direct(direct_fd, argv[1], &tallies[CREATORS + 1]);
	for (i = 0; i < CREATORS; i++) {
		creators[i] = fork();
		if (!creators[i]) {
			create(i, rounds, &tallies[i]);
			_exit(0);
		}
	}
	for (i = 0; i < CREATORS; i++) {
		is(child_status(creators[i]), 0, "creator %d ends well", i);
		is(tallies[i].refused, 0, "creator %d: requests that failed", i);
		is(tallies[i].done, rounds, "creator %d: buffers that it created",
		   i);
		is(tallies[i].wrong, 0, "creator %d: buffers with wrong contents", i);
	}
	kill(faulter, SIGKILL);
	kill(director, SIGKILL);
	is(child_status(faulter), 256 + SIGKILL,
	   "the program that faults runs until it is killed");
	is(child_status(director), 256 + SIGKILL,
	   "the program that does O_DIRECT runs until it is killed");
	ok(tallies[CREATORS].done, "%lu mappings were faulted in",
	   tallies[CREATORS].done);
	ok(tallies[CREATORS + 1].done, "%lu O_DIRECT transfers were done",
	   tallies[CREATORS + 1].done);
	is(tallies[CREATORS].wrong, 0, "mappings with wrong contents");
	is(tallies[CREATORS + 1].wrong, 0,
	   "O_DIRECT transfers with wrong contents");

	close(fault_fd);
	close(direct_fd);
	buffer_drop("faulted");
	buffer_drop("direct");
	unlink(argv[1]);
	before -= free_pages();
	diag("%ld pages less are free", before);
	ok(before < LOST_LIMIT, "fewer than %d pages are missing", LOST_LIMIT);
	return tap_done();
}
