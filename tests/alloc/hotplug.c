// SPDX-License-Identifier: GPL-2.0-only
/*
 * hotplug ROUNDS: take each memory block offline and online all the time, while
 * buffers are made and dropped. Neither may stop the other.
 */
#include "device.h"

#include <signal.h>

#include "clock.h"
#include "configfs.h"
#include "hotplug.h"

/*
 * Neither takes longer. Each takes a second or two, and more on a slow machine;
 * a loop without end is found by any limit.
 */
#define LIMIT_MS	60000

/* What the process that takes blocks offline does; shared with the others. */
static volatile struct {
	bool stop;
	bool pause;		/* asked for */
	bool paused;
	pid_t pid;
	long long since;	/* it is in a write since then, 0: in none */
	int block;
	long long longest;
	int tries;
	int offlined;
	int lost;		/* could not go online again */
} *seen;

static int blocks[MAX_BLOCKS], nr_blocks;

static int offline(int block)
{
	long long start = now_ms(), took;
	int err;

	seen->block = block;
	seen->pid = getpid();
	seen->since = start;
	err = block_set(block, "offline");
	seen->since = 0;
	took = now_ms() - start;
	seen->longest = took > seen->longest ? took : seen->longest;
	seen->tries++;
	if (err)
		return err;
	seen->offlined++;
	if (block_set(block, "online"))
		seen->lost++;
	return 0;
}

/* Keep the blocks that can go offline when nobody uses much memory. */
static void find_blocks(void)
{
	int i, all = online_blocks(blocks), n = 0;

	for (i = 0; i < all; i++)
		if (!offline(blocks[i]))
			blocks[n++] = blocks[i];
	diag("%d of %d memory blocks can go offline, in at most %lld ms", n,
	     all, seen->longest);
	nr_blocks = n;
	seen->longest = 0;
	seen->tries = 0;
	seen->offlined = 0;
}

static pid_t start_offlining(void)
{
	pid_t pid = fork();
	int i = 0;

	if (pid)
		return pid;
	while (!seen->stop) {
		seen->paused = seen->pause;
		if (seen->paused)
			nap_ms(10);
		else
			offline(blocks[i++ % nr_blocks]);
	}
	_exit(0);
}

static void show_stack(pid_t pid)
{
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	f = fopen(path, "re");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		diag("%.*s", (int)strcspn(line, "\n"), line);
	fclose(f);
}

/* A watcher ends an offline that does not end, as nothing else would. */
static pid_t start_watching(void)
{
	pid_t watcher = fork();

	if (watcher)
		return watcher;
	for (;;) {
		long long since = seen->since;

		if (since && now_ms() - since > LIMIT_MS) {
			seen->longest = now_ms() - since;
			diag("memory%d does not go offline:", seen->block);
			show_stack(seen->pid);
			kill(seen->pid, SIGKILL);
			_exit(1);
		}
		nap_ms(100);
	}
}

/* Until it succeeds; returns how long that took, -1 for too long. */
static long long make(size_t size)
{
	long long start = now_ms();

	buffer_prepare("a", size);
	while (!configfs_try("a", "live", "1")) {
		if (errno != ENOMEM)
			bail("live");
		if (now_ms() - start > LIMIT_MS)
			return -1;
		nap_ms(10);
	}
	return now_ms() - start;
}

/*
 * In many rounds the kernel's own pages come to lie in more and more blocks, above
 * all on debug kernels. Returns whether the buffer is not to be had while all
 * memory is online, either.
 */
static bool is_hopeless(void)
{
	bool made;

	seen->pause = true;
	while (!seen->paused)
		nap_ms(10);
	made = configfs_try("a", "live", "1");
	seen->pause = false;
	return !made;
}

static void make_all(int rounds)
{
	/* A block that is offline divides the memory. */
	size_t sizes[] = { 200 * MIB, 5 * MIB, 300 * MIB, 64 * MIB };
	long long took, longest = 0, sum = 0;
	int i, made = 0, smaller = 0;

	for (i = 0; i < rounds; i++) {
		size_t *size = &sizes[i % ARRAY_SIZE(sizes)];

		took = make(*size);
		if (took < 0 && *size > 64 * MIB && is_hopeless()) {
			diag("round %d: no more %llu MiB in one range", i,
			     *size / MIB);
			*size /= 2;
			smaller++;
			buffer_drop("a");
			took = make(*size);
		}
		if (took >= 0) {
			made++;
			sum += took;
			longest = took > longest ? took : longest;
		}
		buffer_drop("a");
	}
	is(made, rounds, "each buffer is made beside memory that goes offline");
	ok(smaller <= rounds / 100, "at most %d sizes become smaller for want of a range",
	   rounds / 100);
	diag("in %lld ms on average, %lld ms at most", sum / rounds, longest);
}

static bool offline_any(void)
{
	long long start = now_ms();
	int i;

	for (i = 0; now_ms() - start < LIMIT_MS / 2; i++) {
		if (!offline(blocks[i % nr_blocks])) {
			diag("after %lld ms", now_ms() - start);
			return true;
		}
		nap_ms(10);
	}
	return false;
}

int main(int argc, char **argv)
{
	pid_t offliner, watcher;

	if (argc != 2)
		return 2;
	seen = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		bail("mmap");
	watcher = start_watching();
	find_blocks();
	if (!ok(nr_blocks, "memory can go offline"))
		goto end;

	offliner = start_offlining();
	make_all(atoi(argv[1]));
	seen->stop = true;
	ok(child_status(offliner) == 0, "no offline has to be killed");
	diag("%d of %d tries to offline succeeded, the longest took %lld ms",
	     seen->offlined, seen->tries, seen->longest);
	ok(seen->longest < LIMIT_MS, "no offline takes longer than %d ms", LIMIT_MS);
	ok(seen->offlined, "memory goes offline beside buffers being made");
	ok(offline_any(), "memory goes offline while no buffer is made");
	is(seen->lost, 0, "all memory is online again");
end:
	kill(watcher, SIGKILL);
	child_status(watcher);
	return tap_done();
}
