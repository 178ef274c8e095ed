// SPDX-License-Identifier: GPL-2.0-only
/* crowd DEVICE: a thousand threads wait, each with a file of its own. */
#include "base.h"

#include <pthread.h>
#include <sys/resource.h>

#include "clock.h"
#include "doorbell.h"

#define WAITERS		1000
#define RINGS		5
#define PATIENCE_MS	30000

static const char *path;
static int waiting, woken;

static void *wait_often(void *arg)
{
	int fd = xopen(path, O_RDONLY);
	int i;

	(void)arg;
	for (i = 0; i < RINGS; i++) {
		__atomic_fetch_add(&waiting, 1, __ATOMIC_SEQ_CST);
		if (!rung_within(fd, PATIENCE_MS))
			break;
		events(fd);
		__atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
	}
	close(fd);
	return NULL;
}

static bool reaches(int *counter, int want)
{
	long long end = now_ms() + PATIENCE_MS;

	while (__atomic_load_n(counter, __ATOMIC_SEQ_CST) < want) {
		if (now_ms() > end) {
			diag("%d of %d", *counter, want);
			return false;
		}
		nap_ms(2);
	}
	return true;
}

int main(int argc, char **argv)
{
	const struct rlimit files = { WAITERS + 100, WAITERS + 100 };
	static pthread_t threads[WAITERS];
	pthread_attr_t attr;
	int fd, i;

	if (argc != 2)
		return 2;
	path = argv[1];
	fd = xopen(path, O_RDWR);
	if (setrlimit(RLIMIT_NOFILE, &files))
		bail("setrlimit");
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 32 * KIB);
	for (i = 0; i < WAITERS; i++)
		if (pthread_create(&threads[i], &attr, wait_often, NULL))
			bail("pthread_create %d", i);
	for (i = 1; i <= RINGS; i++) {
		if (!reaches(&waiting, i * WAITERS))
			break;
		ring(fd);
		if (!ok(reaches(&woken, i * WAITERS), "ring %d wakes %d waiters", i, WAITERS))
			break;
	}
	for (i = 0; i < WAITERS; i++)
		pthread_join(threads[i], NULL);
	is(woken, RINGS * WAITERS, "wake-ups in all");
	close(fd);
	return tap_done();
}
