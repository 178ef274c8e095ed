// SPDX-License-Identifier: GPL-2.0-only
/*
 * sync DEVICE OTHER: two processes use what pthreads has for shared memory, each
 * by its own name of the same buffer; and one of them is killed.
 */
#include "base.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include "clock.h"
#include "device.h"

#define ROUNDS	2000

struct shared {
	pthread_mutex_t mutex;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	sem_t ping, pong;
	int word;
	int readers;
};

static const char *other;

/* The same place by the other name. */
static struct shared *theirs(size_t where)
{
	return map(xopen(other, O_RDWR), PAGE, where);
}

/* Run @fn in another process, which has the other name. */
static pid_t start(int (*fn)(struct shared *s), size_t where)
{
	pid_t pid = fork();

	if (pid < 0)
		bail("fork");
	if (!pid)
		_exit(fn(theirs(where)));
	return pid;
}

static void mutex_make(struct shared *s, int protocol)
{
	pthread_mutexattr_t ma;

	pthread_mutexattr_init(&ma);
	pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&ma, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setprotocol(&ma, protocol);
	pthread_mutex_init(&s->mutex, &ma);
}

static int die_with_lock(struct shared *s)
{
	if (pthread_mutex_lock(&s->mutex))
		return 1;
	s->word = 1;
	raise(SIGKILL);
	return 2;
}

/* Sleeps in lock() until the owner is killed. */
static int inherit(struct shared *s)
{
	int err = pthread_mutex_lock(&s->mutex);

	if (err == EOWNERDEAD)
		err = pthread_mutex_consistent(&s->mutex) |
		      pthread_mutex_unlock(&s->mutex);
	return err ? 1 : 0;
}

static int hold(struct shared *s)
{
	if (pthread_mutex_lock(&s->mutex))
		return 1;
	sem_post(&s->ping);
	for (;;)
		pause();
}

static void robust(struct shared *s, size_t where, int protocol, const char *kind)
{
	pid_t pid, heir;
	int err;

	memset(s, 0, sizeof(*s));
	mutex_make(s, protocol);
	sem_init(&s->ping, 1, 0);

	is(child_status(start(die_with_lock, where)), 256 + SIGKILL,
	   "%s at %zu: a process is killed that has it", kind, where);
	is(s->word, 1, "%s at %zu: what it wrote before", kind, where);
	is(pthread_mutex_lock(&s->mutex), EOWNERDEAD,
	   "%s at %zu: lock after that", kind, where);
	is(pthread_mutex_consistent(&s->mutex), 0, "%s at %zu: consistent",
	   kind, where);
	is(pthread_mutex_unlock(&s->mutex), 0, "%s at %zu: unlock", kind, where);
	err = pthread_mutex_lock(&s->mutex);
	err |= pthread_mutex_unlock(&s->mutex);
	is(err, 0, "%s at %zu: lock and unlock again", kind, where);

	pid = start(hold, where);
	while (sem_wait(&s->ping))
		;
	heir = start(inherit, where);
	nap_ms(50);
	kill(pid, SIGKILL);
	is(child_status(pid), 256 + SIGKILL, "%s at %zu: the owner is killed",
	   kind, where);
	is(child_status(heir), 0, "%s at %zu: who waits for it gets it", kind,
	   where);

	/* Without consistent() it is lost for all. */
	child_status(start(die_with_lock, where));
	is(pthread_mutex_lock(&s->mutex), EOWNERDEAD,
	   "%s at %zu: lock after another death", kind, where);
	pthread_mutex_unlock(&s->mutex);
	is(pthread_mutex_lock(&s->mutex), ENOTRECOVERABLE,
	   "%s at %zu: lock when nobody has mended it", kind, where);
}

static int answer(struct shared *s)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		while (sem_wait(&s->ping))
			;
		s->word++;
		sem_post(&s->pong);
	}
	return s->word == 2 * ROUNDS ? 0 : 1;
}

static void semaphores(struct shared *s, size_t where)
{
	pid_t pid;
	int i;

	memset(s, 0, sizeof(*s));
	sem_init(&s->ping, 1, 0);
	sem_init(&s->pong, 1, 0);
	pid = start(answer, where);
	for (i = 0; i < ROUNDS; i++) {
		s->word++;
		sem_post(&s->ping);
		while (sem_wait(&s->pong))
			;
	}
	is(child_status(pid), 0, "semaphore at %zu: %d rounds", where, ROUNDS);
	is(s->word, 2 * ROUNDS, "semaphore at %zu: nobody was early", where);
}

/* Readers see both words the same. */
static int read_locked(struct shared *s)
{
	int i, bad = 0;

	for (i = 0; i < ROUNDS; i++) {
		pthread_rwlock_rdlock(&s->rwlock);
		bad += s->word != s->readers;
		pthread_rwlock_unlock(&s->rwlock);
	}
	return bad ? 1 : 0;
}

static void rwlocks(struct shared *s, size_t where)
{
	pthread_rwlockattr_t attr;
	pid_t pid;
	int i;

	memset(s, 0, sizeof(*s));
	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&s->rwlock, &attr);
	pid = start(read_locked, where);
	for (i = 0; i < ROUNDS; i++) {
		pthread_rwlock_wrlock(&s->rwlock);
		s->word++;
		s->readers++;
		pthread_rwlock_unlock(&s->rwlock);
	}
	is(child_status(pid), 0, "rwlock at %zu: a reader never sees half a change",
	   where);
}

static int meet(struct shared *s)
{
	int i;

	for (i = 0; i < ROUNDS / 10; i++) {
		if (__atomic_load_n(&s->word, __ATOMIC_RELAXED) / 2 != i)
			return 1;
		__atomic_add_fetch(&s->word, 1, __ATOMIC_RELAXED);
		pthread_barrier_wait(&s->barrier);
		pthread_barrier_wait(&s->barrier);
	}
	return 0;
}

static void barriers(struct shared *s, size_t where)
{
	pthread_barrierattr_t attr;
	pid_t pid;
	int mine;

	memset(s, 0, sizeof(*s));
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&s->barrier, &attr, 2);
	pid = start(meet, where);
	mine = meet(s);
	is(mine, 0, "barrier at %zu: nobody passes alone", where);
	is(child_status(pid), 0, "barrier at %zu: the other one neither", where);
}

int main(int argc, char **argv)
{
	size_t size, where[2], i;
	int fd;

	if (argc != 3)
		return 2;
	other = argv[2];
	fd = device_open(2, argv, &size);
	is(info(xopen(other, O_RDWR)).phys_addr, info(fd).phys_addr,
	   "%s is the same buffer", other);
	where[0] = 0;
	where[1] = size - PAGE;
	for (i = 0; i < 2; i++) {
		struct shared *s = map(fd, PAGE, where[i]);

		robust(s, where[i], PTHREAD_PRIO_NONE, "robust mutex");
		robust(s, where[i], PTHREAD_PRIO_INHERIT,
		       "robust mutex with priority inheritance");
		semaphores(s, where[i]);
		rwlocks(s, where[i]);
		barriers(s, where[i]);
		munmap(s, PAGE);
	}
	return tap_done();
}
