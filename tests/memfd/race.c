// SPDX-License-Identifier: GPL-2.0-only
/*
 * race: many processes make memfds, open them again and lose them at the same
 * moment; some are killed. The sum never is above the limit, and in the end all
 * memory is back.
 */
#include "base.h"

#include <sched.h>
#include <signal.h>

#include "clock.h"
#include "memfd.h"
#include "memory.h"

#define MAKERS	6
#define ROUNDS	150
#define ONE	(256 * KIB)
#define LIMIT	(4 * ONE)

/* Who opens a memfd again while its last file is closed. */
static void maker(int n)
{
	bool made = false;
	int i, fd, again, path, status;

	srand(n);
	/* The others may use up the limit for all its rounds. */
	for (i = 0; i < ROUNDS || !made; i++) {
		struct kshm_alloc a = alloc_request(ONE);
		pid_t pid;
		char *p;

		fd = memfd_try(&a);
		if (fd < 0) {
			if (errno != EDQUOT)
				_exit(1);
			sched_yield();
			continue;
		}
		made = true;
		p = map(fd, ONE, 0);
		if (p[0] || p[ONE - 1])
			_exit(2);
		memset(p, n, ONE);
		path = memfd_reopen(fd, O_PATH);
		pid = fork();
		if (!pid) {
			again = memfd_reopen(path, O_RDWR);
			if (rand() % 2)
				raise(SIGKILL);
			_exit(again < 0 ? 3 : 0);
		}
		close(fd);
		again = memfd_reopen(path, O_RDONLY);
		if (again < 0)
			_exit(4);
		munmap(p, ONE);
		close(again);
		close(path);
		status = child_status(pid);
		if (status && status != 256 + SIGKILL)
			_exit(5);
	}
	_exit(0);
}

int main(void)
{
	long before, after, lost = 0;
	int i, status, alive = MAKERS;
	bool above = false;

	put(ALLOC_SYSFS "limit", "1M");
	/* What the kernel allocates once is not counted. */
	close(memfd(ONE));
	before = free_pages();
	for (i = 1; i <= MAKERS; i++)
		if (!fork())
			maker(i);
	while (alive) {
		above = above || memfd_used() > (long long)LIMIT;
		while (waitpid(-1, &status, WNOHANG) > 0) {
			is(WIFEXITED(status) ? WEXITSTATUS(status) : 256, 0,
			   "status of a maker");
			alive--;
		}
		nap_ms(1);
	}
	ok(!above, "the sum was never above the limit");
	for (i = 0; i < 500 && memfd_used(); i++)
		nap_ms(10);
	is(memfd_used(), 0, "used in the end");
	for (i = 0; i < 50; i++) {
		after = free_pages();
		lost = before - after;
		if (lost < 200)
			break;
		nap_ms(100);
	}
	ok(lost < 200, "pages missing in the end: %ld", lost);
	return tap_done();
}
