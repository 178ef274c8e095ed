// SPDX-License-Identifier: GPL-2.0-only
/*
 * threads DEVICE: threads fault pages in while others throw them out, change
 * their protection and fork. Each store must be there at the end.
 */
#include "guest.h"

#include <pthread.h>
#include <time.h>

#define WRITERS		3
#define MILLISECONDS	700

static size_t size;
static char *p;
static bool stop;

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

static bool stopped(void)
{
	return __atomic_load_n(&stop, __ATOMIC_RELAXED);
}

/* Adds to its own word of a page. */
static void *writer(void *arg)
{
	struct writer *w = arg;
	unsigned int seed = w->slot;

	while (!stopped()) {
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

	while (!stopped()) {
		size_t pages = size / PAGE, first = next(&seed) % pages;
		size_t n = 1 + next(&seed) % (pages - first);

		madvise(p + first * PAGE, n * PAGE, MADV_DONTNEED);
		if (next(&seed) % 4 == 0)
			madvise(p, size, MADV_DONTNEED);
		mprotect(p + first * PAGE, PAGE,
			 PROT_READ | PROT_WRITE);
	}
	return arg;
}

static void *forker(void *arg)
{
	while (!stopped()) {
		pid_t pid = fork();

		if (!pid) {
			touch(p, size);
			_exit(0);
		}
		if (pid < 0 || child_status(pid))
			return arg;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct timespec time = { .tv_nsec = MILLISECONDS * 1000000L };
	struct writer writers[WRITERS];
	pthread_t zap, forks;
	void *failed;
	size_t i, page;
	int fd;

	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	p = map(fd, size, 0);
	memset(p, 0, size);
	diag("%s, %zu bytes", argv[1], size);

	for (i = 0; i < WRITERS; i++) {
		writers[i].slot = i;
		writers[i].count = anon(size / PAGE * sizeof(unsigned int));
		pthread_create(&writers[i].thread, NULL, writer, &writers[i]);
	}
	pthread_create(&zap, NULL, zapper, NULL);
	pthread_create(&forks, NULL, forker, p);
	nanosleep(&time, NULL);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(zap, NULL);
	pthread_join(forks, &failed);
	ok(!failed, "every child ended well");

	for (i = 0; i < WRITERS; i++) {
		unsigned long stores = 0, lost = 0;

		pthread_join(writers[i].thread, NULL);
		for (page = 0; page < size / PAGE; page++) {
			unsigned int *word = (void *)(p + page * PAGE);

			stores += writers[i].count[page];
			lost += writers[i].count[page] != word[i];
		}
		ok(stores, "thread %zu stores", i);
		is(lost, 0, "thread %zu: pages with lost stores", i);
	}
	ok(contiguous(p, PAGE, info(fd).phys_addr) || !phys_page(p),
	   "the first page is where it was");
	munmap(p, size);
	return tap_done();
}
