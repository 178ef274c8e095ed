// SPDX-License-Identifier: GPL-2.0-only
/*
 * toggle: threads make one directory live at the same time, and take its
 * device away at the same time.
 */
#include "guest.h"

#include <pthread.h>

#include "configfs.h"

#define THREADS	4
#define ROUNDS	100
#define NAME	"toggle"

static pthread_barrier_t barrier;
static const char *value;	/* NULL: end */

/* Of one round. */
static unsigned int done, busy, other;

static void count(unsigned int *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

static void *writer(void *arg)
{
	for (;;) {
		pthread_barrier_wait(&barrier);
		if (!value)
			return arg;
		if (configfs_try(NAME, "live", value))
			count(&done);
		else
			count(errno == EBUSY ? &busy : &other);
		pthread_barrier_wait(&barrier);
	}
}

/* All threads write a value; as many are to be told that it is done. */
static bool all_write(const char *to, unsigned int wanted, int left)
{
	int there;

	value = to;
	done = 0;
	busy = 0;
	other = 0;
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	there = devices();
	if (done == wanted && busy == THREADS - wanted && there == left)
		return true;
	diag("%d times %s: %u done, %u EBUSY, %u other; %d devices", THREADS, to,
	     done, busy, other, there);
	return false;
}

int main(void)
{
	static const char * const sizes[] = { "4K", "64K", "2M", "6M" };
	pthread_t threads[THREADS];
	bool one = true, none = true;
	unsigned int i;

	buffer_prepare(NAME, PAGE);
	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, writer, NULL))
			bail("pthread_create");

	/* The first wrong round is the last: of two devices one would be lost. */
	for (i = 0; i < ROUNDS && one && none; i++) {
		configfs_set(NAME, "size", sizes[i % ARRAY_SIZE(sizes)]);
		one = all_write("1", 1, 1);
		if (one)
			none = all_write("0", THREADS, 0);
	}
	ok(one, "%d times 1 > live at once: one makes the device, EBUSY for others",
	   THREADS);
	ok(none, "%d times 0 > live at once: none is refused, no device is left",
	   THREADS);
	is(i, ROUNDS, "rounds");

	value = NULL;
	pthread_barrier_wait(&barrier);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	buffer_drop(NAME);
	return tap_done();
}
