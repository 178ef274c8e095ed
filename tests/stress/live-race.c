// SPDX-License-Identifier: GPL-2.0-only
/*
 * live-race: several threads write 1 to live of one directory at the same time,
 * then 0 at the same time.
 */
#include "base.h"

#include <pthread.h>

#include "configfs.h"
#include "device.h"

#define THREADS	4
#define ROUNDS	100
#define NAME	"race"

static pthread_barrier_t barrier;
static const char *value;	/* NULL: end */

/* Results of one round. */
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

/* All threads write a value: @wanted writes succeed, @left devices exist then. */
static bool all_write(const char *to, unsigned int wanted, int left)
{
	int exist;

	value = to;
	done = 0;
	busy = 0;
	other = 0;
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	exist = devices();
	if (done == wanted && busy == THREADS - wanted && exist == left)
		return true;
	diag("%d times live=%s: %u done, %u EBUSY, %u other; %d devices", THREADS, to,
	     done, busy, other, exist);
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

	/* End after a wrong round: of two devices, one could not be removed. */
	for (i = 0; i < ROUNDS && one && none; i++) {
		configfs_set(NAME, "size", sizes[i % ARRAY_SIZE(sizes)]);
		one = all_write("1", 1, 1);
		if (one)
			none = all_write("0", THREADS, 0);
	}
	ok(one, "live=1 by %d threads: one makes the device, EBUSY for the others",
	   THREADS);
	ok(none, "live=0 by %d threads: all succeed, no device is left",
	   THREADS);
	is(i, ROUNDS, "rounds without a wrong result");

	value = NULL;
	pthread_barrier_wait(&barrier);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	buffer_drop(NAME);
	return tap_done();
}
