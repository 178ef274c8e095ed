// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch MIB FILE: hold so much anonymous memory and a file as large, each page
 * with contents of its own, and look at them all the time, until SIGTERM. A
 * line on standard output says that all is in place, a second one at the end
 * how often it was seen. Exit status 0 when nothing ever changed.
 */
#include "guest.h"

#include <signal.h>
#include <time.h>

#define PART	(1 * MIB)

static bool stop;

static void on_term(int sig)
{
	(void)sig;
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
}

static bool stopped(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

static bool look(const char *p, size_t size, __u64 seed)
{
	size_t off;

	for (off = 0; off < size; off += PART)
		if (!filled(p + off, PART, seed + off))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	const struct timespec nap = { .tv_nsec = 20000000 };
	unsigned long rounds = 0;
	size_t size, off;
	char *mem, *file;
	bool same = true;
	int fd;

	if (argc != 3)
		return 2;
	size = strtoull(argv[1], NULL, 0) * MIB;
	fd = xopen(argv[2], O_RDWR | O_CREAT | O_TRUNC);
	if (ftruncate(fd, size))
		bail("ftruncate");
	mem = anon(size);
	file = map(fd, size, 0);
	for (off = 0; off < size; off += PART) {
		fill(mem + off, PART, 1 + off);
		fill(file + off, PART, 2 + off);
	}
	signal(SIGTERM, on_term);
	puts("ready");
	fflush(stdout);

	for (rounds = 0; same && !stopped(); rounds++) {
		same = look(mem, size, 1) && look(file, size, 2);
		nanosleep(&nap, NULL);
	}
	printf("%s after %lu rounds\n", same ? "unchanged" : "CHANGED",
	       rounds);
	return same && rounds ? 0 : 1;
}
