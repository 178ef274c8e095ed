// SPDX-License-Identifier: GPL-2.0-only
/*
 * isolators ROUNDS: make and drop buffers while others isolate and move memory: a
 * page of 1 GiB is allocated and freed, and memory is compacted. The kernel's log
 * must stay clean, and nothing may be missing.
 */
#include "device.h"

#include <signal.h>

#include "clock.h"
#include "configfs.h"
#include "memory.h"

#define GIGANTIC	"/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages"
#define COMPACT		"/proc/sys/vm/compact_memory"

static volatile struct {
	bool stop;
	int tries;
	int pages;
	int compactions;
} *seen;

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

static pid_t gigantic_page(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	while (!seen->stop) {
		write_text(GIGANTIC, "1");
		seen->pages += atoi(slurp(GIGANTIC));
		write_text(GIGANTIC, "0");
		seen->tries++;
	}
	_exit(0);
}

static pid_t compactor(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	while (!seen->stop) {
		seen->compactions += !write_text(COMPACT, "1");
		nap_ms(100);
	}
	_exit(0);
}

static long long settled_memory(void)
{
	write_text("/proc/sys/vm/drop_caches", "3");
	nap_ms(200);
	return free_memory();
}

/* Odd sizes, so that many blocks lie beside a block of others. */
static void make_all(int rounds)
{
	static const size_t sizes[] = {
		10 * MIB, 302 * MIB, 6 * MIB, 66 * MIB, 14 * MIB, 602 * MIB
	};
	int i, made = 0, refused = 0;
	long long start = now_ms();

	for (i = 0; i < rounds; i++) {
		buffer_prepare("a", sizes[i % ARRAY_SIZE(sizes)]);
		if (configfs_try("a", "live", "1"))
			made++;
		else if (errno == ENOMEM)
			refused++;
		else
			bail("live");
		buffer_drop("a");
	}
	diag("%d buffers were made, %d not, in %lld ms", made, refused,
	     now_ms() - start);
	ok(made > rounds / 2, "buffers are made beside others");
}

int main(int argc, char **argv)
{
	long long before, after;
	pid_t pids[2];

	if (argc != 2)
		return 2;
	seen = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		bail("mmap");
	/* What is allocated at the first time stays. */
	write_text(GIGANTIC, "1");
	is(atoi(slurp(GIGANTIC)), 1,
	   "a page of 1 GiB is allocated while nobody else does");
	write_text(GIGANTIC, "0");
	buffer_prepare("a", 602 * MIB);
	ok(configfs_try("a", "live", "1"), "a buffer is made alone");
	buffer_drop("a");

	before = settled_memory();
	pids[0] = gigantic_page();
	pids[1] = compactor();
	make_all(atoi(argv[1]));
	seen->stop = true;
	is(child_status(pids[0]), 0, "the process that allocates pages of 1 GiB ends well");
	is(child_status(pids[1]), 0, "the process that compacts memory ends well");
	after = settled_memory();
	diag("%d pages of 1 GiB in %d tries, %d compactions", seen->pages,
	     seen->tries, seen->compactions);
	ok(seen->tries > 0 && seen->compactions > 0,
	   "pages of 1 GiB were tried and memory was compacted");
	diag("free before %lld, after %lld", before, after);
	ok(after > before - (long long)(4 * MIB), "no memory is missing");
	return tap_done();
}
