// SPDX-License-Identifier: GPL-2.0-only
/*
 * Free every other 2 MiB of 2 GB of memory, so that free parts and parts to be
 * moved lie in the same 4 MiB, then make the buffer that halffree.sh prepared.
 */
#include "guest.h"

#define ROUNDS	4

static bool set_live(const char *value)
{
	int fd = xopen("/sys/kernel/config/kshm/a/live", O_WRONLY);
	bool done = write(fd, value, 1) == 1;

	close(fd);
	return done;
}

int main(void)
{
	const size_t len = 2000 * MIB;
	char *mem = anon(len);
	bool same = true;
	int round;
	size_t i;

	if (madvise(mem, len, MADV_NOHUGEPAGE))
		bail("madvise");
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < len; i += PAGE)
			mem[i] = 1 + i / PAGE % 100;
		for (i = round % 2 * HUGE; i + HUGE <= len; i += 2 * HUGE)
			madvise(mem + i, HUGE, MADV_DONTNEED);
		ok(set_live("1"), "500 MiB, round %d", round + 1);
		for (i = (round + 1) % 2 * HUGE; i + PAGE <= len; i += PAGE) {
			if (mem[i] != (char)(1 + i / PAGE % 100))
				same = false;
			if (i % HUGE == HUGE - PAGE)
				i += HUGE;
		}
		ok(set_live("0"), "taken away");
	}
	ok(same, "what had to move is the same");
	return tap_done();
}
