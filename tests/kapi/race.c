// SPDX-License-Identifier: GPL-2.0-only
/*
 * race ROUNDS: a kernel module makes a buffer, listens, rings and takes it away,
 * while programs open, map and ring it, and another user finds and forgets it.
 * In the end all memory is back.
 */
#include "base.h"

#include <signal.h>

#include "clock.h"
#include "doorbell.h"
#include "memory.h"

#define SIZE		(256 * KIB)
#define PROGRAMS	3

static bool *over;

static void client(const char *what)
{
	if (!try_put("/sys/module/kshm_client/parameters/do", what))
		_exit(errno);
}

/* Whichever device of the module there is, if any. */
static void program(void)
{
	unsigned long opened = 0;

	while (!stopped(over)) {
		int fd = open("/dev/kshm1", O_RDWR | O_CLOEXEC);
		char *p;

		if (fd < 0)
			continue;
		p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (p == MAP_FAILED)
			_exit(1);
		if (p[0] && p[0] != 'm')
			_exit(2);
		ring(fd);
		events(fd);
		rung(fd);
		munmap(p, SIZE);
		close(fd);
		opened++;
	}
	_exit(opened ? 0 : 3);
}

int main(int argc, char **argv)
{
	int i, rounds, status;
	pid_t pids[PROGRAMS];
	long before, lost = 0;

	if (argc != 2)
		return 2;
	rounds = atoi(argv[1]);
	over = anon_shared(PAGE);
	before = free_pages();
	for (i = 0; i < PROGRAMS; i++) {
		pids[i] = fork();
		if (!pids[i])
			program();
	}
	for (i = 0; i < rounds; i++) {
		client("create app:256K");
		client("listen");
		client("answer");
		/* A program that has it mapped sees this or zeros. */
		client("fill m");
		client("notify");
		client("irq");
		if (i % 3)
			nap_ms(1);
		client("ignore");
		client("destroy");
		client("find kshm0");
		client("put");
	}
	ok(true, "%d buffers came and went", rounds);
	stop(over);
	for (i = 0; i < PROGRAMS; i++) {
		status = child_status(pids[i]);
		is(status, 0, "status of a program");
	}
	for (i = 0; i < 50; i++) {
		lost = before - free_pages();
		if (lost < 200)
			break;
		nap_ms(100);
	}
	ok(lost < 200, "pages missing in the end: %ld", lost);
	return tap_done();
}
