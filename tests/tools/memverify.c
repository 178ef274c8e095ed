// SPDX-License-Identifier: GPL-2.0-only
/*
 * memverify MIB FILE: fill MIB of anonymous memory and a mapped file of the same
 * size, and check their contents all the time, until SIGTERM. A line on standard
 * output says that both are filled, a second one at the end how often they were
 * checked. The exit status is 0 if nothing ever changed.
 */
#include "base.h"

#include <signal.h>

#include "clock.h"
#include "device.h"
#include "pattern.h"

#define PART	(1 * MIB)

static bool stop_flag;

static void on_term(int sig)
{
	(void)sig;
	stop(&stop_flag);
}

static bool is_same(const char *p, size_t size, __u64 seed)
{
	size_t off;

	for (off = 0; off < size; off += PART)
		if (!filled(p + off, PART, seed + off))
			return false;
	return true;
}

int main(int argc, char **argv)
{
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

	for (rounds = 0; same && !stopped(&stop_flag); rounds++) {
		same = is_same(mem, size, 1) && is_same(file, size, 2);
		nap_ms(20);
	}
	printf("%s after %lu rounds\n", same ? "unchanged" : "CHANGED",
	       rounds);
	return same && rounds ? 0 : 1;
}
