// SPDX-License-Identifier: GPL-2.0-only
/* share DEVICE: two processes share it. */
#include "base.h"

#include <linux/futex.h>
#include <pthread.h>
#include <time.h>

#include "clock.h"
#include "device.h"
#include "pattern.h"

#define ROUNDS 20000

static const char *path;
static size_t size;

/* Run @fn in a process of its own, with a file of its own. */
static bool in_child(bool (*fn)(int fd))
{
	pid_t pid = fork();

	if (pid < 0)
		bail("fork");
	if (!pid) {
		int fd = open(path, O_RDWR);

		_exit(fd >= 0 && fn(fd) ? 0 : 1);
	}
	return child_status(pid) == 0;
}

static bool store_all(int fd)
{
	char *p = map(fd, size, 0);

	fill(p, size, 1);
	return true;
}

static bool read_all(int fd)
{
	char *copy = anon(size);

	return pread(fd, copy, size, 0) == (ssize_t)size &&
	       filled(copy, size, 1);
}

static bool write_pages(int fd)
{
	size_t off, len = PAGE;
	char *page = anon(len);

	for (off = 0; off < size; off += len) {
		fill(page, len, 100 + off);
		if (pwrite(fd, page, len, off) != (ssize_t)len)
			return false;
	}
	return true;
}

static bool map_at_offsets(int fd)
{
	size_t off;

	for (off = 0; off < size; off += 5 * PAGE) {
		char *p = map(fd, PAGE, off);
		bool same = filled(p, PAGE, 100 + off);

		munmap(p, PAGE);
		if (!same)
			return false;
	}
	return true;
}

static void contents(int fd)
{
	char *p = map(fd, size, 0), *q;
	bool same = true;
	size_t off;

	ok(in_child(store_all), "a child stores bytes by its mapping");
	ok(filled(p, size, 1), "the parent loads them by its mapping");
	ok(in_child(read_all), "another child reads them by read");

	ok(in_child(write_pages), "a child writes each page by write");
	for (off = 0; off < size; off += PAGE)
		same = same && filled(p + off, PAGE, 100 + off);
	ok(same, "the parent loads each page by its mapping");
	ok(in_child(map_at_offsets), "another child maps single pages at their offsets");

	q = map(fd, size / 2, size / 2);
	memcpy(p + size / 2, "seen twice", 11);
	is_str(q, "seen twice", "two mappings of one process show the same bytes");
	munmap(q, size / 2);
	munmap(p, size);
}

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	unsigned int turn;
	unsigned long sum;
	unsigned int word;
};

static size_t offset;	/* of struct shared */

static bool count_locked(int fd)
{
	struct shared *s = map(fd, PAGE, offset);
	unsigned long sum;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (pthread_mutex_lock(&s->mutex))
			return false;
		sum = __atomic_load_n(&s->sum, __ATOMIC_RELAXED);
		__atomic_store_n(&s->sum, sum + 1, __ATOMIC_RELAXED);
		if (pthread_mutex_unlock(&s->mutex))
			return false;
	}
	return true;
}

static bool answer(int fd)
{
	struct shared *s = map(fd, PAGE, offset);
	int i;

	for (i = 0; i < 100; i++) {
		pthread_mutex_lock(&s->mutex);
		while (s->turn != 1)
			pthread_cond_wait(&s->cond, &s->mutex);
		s->turn = 0;
		pthread_cond_broadcast(&s->cond);
		pthread_mutex_unlock(&s->mutex);
	}
	return true;
}

static void mutexes(int fd, size_t where)
{
	char *p = map(fd, size, 0);
	struct shared *s = (void *)(p + where);
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;
	int i, err = 0;
	pid_t pid;

	offset = where;
	memset(s, 0, sizeof(*s));
	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->mutex, &ma);
	pthread_condattr_init(&ca);
	pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&s->cond, &ca);

	pid = fork();
	if (!pid)
		_exit(count_locked(open(path, O_RDWR)) ? 0 : 1);
	ok(count_locked(fd), "mutex at %zu: the parent locks and unlocks it", where);
	is(child_status(pid), 0, "mutex at %zu: a child locks and unlocks it", where);
	is(s->sum, 2 * ROUNDS, "mutex at %zu: no increment of the sum is lost", where);

	pid = fork();
	if (!pid)
		_exit(answer(open(path, O_RDWR)) ? 0 : 1);
	for (i = 0; i < 100; i++) {
		err |= pthread_mutex_lock(&s->mutex);
		s->turn = 1;
		err |= pthread_cond_broadcast(&s->cond);
		while (s->turn)
			err |= pthread_cond_wait(&s->cond, &s->mutex);
		err |= pthread_mutex_unlock(&s->mutex);
	}
	is(err, 0, "condition variable at %zu: the parent gives turns", where);
	is(child_status(pid), 0,
	   "condition variable at %zu: a child returns them", where);
	munmap(p, size);
}

static long futex(unsigned int *word, int op, unsigned int val,
		  const struct timespec *timeout)
{
	return syscall(SYS_futex, word, op, val, timeout, NULL, 0);
}

/* Wait for a word, by a mapping of its page only, at another address. */
static bool wait_for_word(int fd)
{
	const struct timespec limit = { .tv_sec = 20 };
	struct shared *s = map(fd, PAGE, offset);

	return !futex(&s->word, FUTEX_WAIT, 7, &limit);
}

static void futexes(int fd, size_t where, size_t other)
{
	char *p = map(fd, size, 0);
	unsigned int *word = &((struct shared *)(p + where))->word;
	unsigned int *elsewhere = &((struct shared *)(p + other))->word;
	int tries, woken = 0, strays = 0;
	pid_t pid;

	offset = where;
	*word = 7;
	*elsewhere = 7;
	fails(futex(word, FUTEX_WAIT, 8, NULL), EAGAIN,
	      "futex at %zu: wait for another value: EAGAIN", where);
	is(futex(word, FUTEX_WAKE, 1, NULL), 0,
	   "futex at %zu: wake without a waiter", where);
	pid = fork();
	if (!pid)
		_exit(wait_for_word(open(path, O_RDWR)) ? 0 : 1);
	for (tries = 0; tries < 5000 && !woken; tries++) {
		strays += futex(elsewhere, FUTEX_WAKE, 1, NULL) != 0;
		woken = futex(word, FUTEX_WAKE, 1, NULL);
		nap_ms(1);
	}
	is(woken, 1, "futex at %zu: wake finds the waiter", where);
	is(strays, 0, "futex at %zu: wake at %zu finds no waiter", where,
	   other);
	is(child_status(pid), 0, "futex at %zu: the waiter is woken", where);
	munmap(p, size);
}

int main(int argc, char **argv)
{
	int fd = device_open(argc, argv, &size);

	path = argv[1];
	contents(fd);
	mutexes(fd, 0);
	mutexes(fd, size - PAGE);
	futexes(fd, 0, PAGE);
	futexes(fd, size - PAGE, size - 2 * PAGE);
	return tap_done();
}
