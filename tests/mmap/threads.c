// SPDX-License-Identifier: GPL-2.0-only
/*
 * threads DEVICE: threads fault pages in while others zap them, change their
 * protection and fork. No store is lost.
 *
 * It ends when each of them has done enough, however long that takes.
 */
#include "base.h"

#include <pthread.h>

#include "clock.h"
#include "device.h"
#include "pagemap.h"
#include "smaps.h"

#define WRITERS		3
#define ZAPS_WANTED	200
#define FORKS_WANTED	20
#define FAULTS_WANTED	500

static size_t size;
static char *p;
static bool stop_flag;

static unsigned long zaps, forks, errors;

struct writer {
	pthread_t thread;
	int slot;
	unsigned int *count;	/* of stores to each page */
};

static unsigned int next(unsigned int *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void count(unsigned long *what)
{
	__atomic_fetch_add(what, 1, __ATOMIC_RELAXED);
}

static unsigned long counted(unsigned long *what)
{
	return __atomic_load_n(what, __ATOMIC_RELAXED);
}

/* Increments a word of its own in each page. */
static void *writer(void *arg)
{
	struct writer *w = arg;
	unsigned int seed = w->slot;

	while (!stopped(&stop_flag)) {
		size_t page = next(&seed) % (size / PAGE);
		unsigned int *word = (void *)(p + page * PAGE);

		__atomic_fetch_add(&word[w->slot], 1, __ATOMIC_RELAXED);
		w->count[page]++;
	}
	return NULL;
}

static void *zapper(void *arg)
{
	unsigned int seed = 77;

	while (!stopped(&stop_flag)) {
		size_t pages = size / PAGE, first = next(&seed) % pages;
		size_t n = 1 + next(&seed) % (pages - first);

		if (madvise(p + first * PAGE, n * PAGE, MADV_DONTNEED) ||
		    (next(&seed) % 4 == 0 && madvise(p, size, MADV_DONTNEED)) ||
		    mprotect(p + first * PAGE, PAGE, PROT_READ | PROT_WRITE))
			count(&errors);
		count(&zaps);
	}
	return arg;
}

static void *forker(void *arg)
{
	while (!stopped(&stop_flag)) {
		pid_t pid = fork();

		if (!pid) {
			touch(p, size);
			_exit(0);
		}
		if (pid < 0 || child_status(pid))
			count(&errors);
		count(&forks);
	}
	return arg;
}

static void start(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	errno = pthread_create(thread, NULL, fn, arg);
	if (errno)
		bail("pthread_create");
}

static void check_writer(struct writer *w)
{
	unsigned long stores = 0, lost = 0;
	size_t page;

	for (page = 0; page < size / PAGE; page++) {
		unsigned int *word = (void *)(p + page * PAGE);

		stores += w->count[page];
		lost += w->count[page] != word[w->slot];
	}
	ok(stores, "writer %d has stored %lu times", w->slot, stores);
	is(lost, 0, "writer %d: pages with lost stores", w->slot);
}

int main(int argc, char **argv)
{
	struct writer writers[WRITERS];
	pthread_t zap, fork_thread;
	long before;
	int fd, i;

	fd = device_open(argc, argv, &size);
	p = map(fd, size, 0);
	memset(p, 0, size);
	before = faults();

	for (i = 0; i < WRITERS; i++) {
		writers[i].slot = i;
		writers[i].count = anon(size / PAGE * sizeof(unsigned int));
		start(&writers[i].thread, writer, &writers[i]);
	}
	start(&zap, zapper, NULL);
	start(&fork_thread, forker, NULL);
	while (counted(&zaps) < ZAPS_WANTED || counted(&forks) < FORKS_WANTED ||
	       faults() - before < FAULTS_WANTED)
		nap_ms(20);
	stop(&stop_flag);
	pthread_join(zap, NULL);
	pthread_join(fork_thread, NULL);
	for (i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);

	ok(zaps >= ZAPS_WANTED, "the mapping was zapped %lu times", zaps);
	ok(forks >= FORKS_WANTED, "the program forked %lu times", forks);
	ok(faults() - before >= FAULTS_WANTED, "the program took %ld page faults",
	   faults() - before);
	is(errors, 0, "errors of madvise, mprotect and children");
	for (i = 0; i < WRITERS; i++)
		check_writer(&writers[i]);
	touch(p, size);
	ok(contiguous(p, size, info(fd).phys_addr),
	   "all pages are at their addresses");
	munmap(p, size);
	return tap_done();
}
