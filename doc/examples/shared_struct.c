// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two programs share a struct in a kshm buffer.
 *
 *     shared_struct DEVICE set TEMPERATURE
 *     shared_struct DEVICE get
 *
 * The first program that comes makes the struct; a buffer is zeroed when it is
 * created. A mutex in the buffer keeps the programs apart, and it is robust: when a
 * program dies while it holds it, the next one gets it all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { EMPTY, BUSY, READY };

/* Both programs need the same layout: types of a fixed width, and no pointers. */
struct measurement {
	atomic_uint state;
	pthread_mutex_t lock;
	uint32_t number;
	int32_t temperature;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void make_mutex(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(lock, &attr);
	pthread_mutexattr_destroy(&attr);
}

/* One program makes the struct, all others wait until it is there. */
static void make_once(struct measurement *m)
{
	unsigned int empty = EMPTY;

	if (atomic_compare_exchange_strong(&m->state, &empty, BUSY)) {
		make_mutex(&m->lock);
		atomic_store(&m->state, READY);
	}
	while (atomic_load(&m->state) != READY)
		usleep(1000);
}

static void lock(struct measurement *m)
{
	int error = pthread_mutex_lock(&m->lock);

	/* The holder died. What it may have left half done is made whole here. */
	if (error == EOWNERDEAD)
		error = pthread_mutex_consistent(&m->lock);
	if (error) {
		fprintf(stderr, "mutex: %s\n", strerror(error));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	struct measurement *m;
	int fd;

	if (argc < 3 || (strcmp(argv[2], "get") && (strcmp(argv[2], "set") || argc < 4))) {
		fprintf(stderr, "usage: shared_struct DEVICE get | set TEMPERATURE\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		die(argv[1]);
	m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (m == MAP_FAILED)
		die("mmap");
	close(fd);

	make_once(m);
	lock(m);
	if (!strcmp(argv[2], "set")) {
		m->temperature = atoi(argv[3]);
		m->number++;
	}
	printf("measurement %u: %d degrees\n", m->number, m->temperature);
	pthread_mutex_unlock(&m->lock);
	return 0;
}
