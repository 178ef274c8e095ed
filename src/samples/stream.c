// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sample: take the records of kshm_stream.c for some seconds, check them, and
 * send each one back.
 *
 *	stream /dev/kshm-by-name/stream 10
 */
#include <fcntl.h>
#include <linux/kshm.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

#define BATCH	64

static struct kshm_ring_end down, up;
static unsigned long records, errors, naps, rings;
static int fd;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void ring(void)
{
	rings++;
	if (ioctl(fd, KSHM_IOC_NOTIFY, 0)) {
		perror("KSHM_IOC_NOTIFY");
		exit(1);
	}
}

/* Move records from one ring to the other; the number, or -1. */
static int move(void)
{
	int i, nr = kshm_ring_filled(&down), room = kshm_ring_room(&up);

	if (nr < 0 || room < 0)
		return -1;
	if (nr > room)
		nr = room;
	if (nr > BATCH)
		nr = BATCH;
	for (i = 0; i < nr; i++) {
		static __u64 expected;
		struct stream_record record;

		memcpy(&record, kshm_ring_record(&down), sizeof(record));
		kshm_ring_take(&down);
		/* The first one may be any: another program was here before. */
		if ((records && record.number != expected) ||
		    record.sum != stream_sum(&record))
			errors++;
		expected = record.number + 1;
		records++;

		memcpy(kshm_ring_record(&up), &record, sizeof(record));
		kshm_ring_put(&up);
	}
	if (nr && (kshm_ring_must_wake_producer(&down) |
		   kshm_ring_must_wake_consumer(&up)))
		ring();
	return nr;
}

/* Sleep until the kernel rings, at most a second. */
static void nap(void)
{
	struct kshm_events seen = { .struct_size = sizeof(seen) };
	struct pollfd wait = { .fd = fd, .events = POLLPRI };

	kshm_ring_wait_record(&down);
	kshm_ring_wait_room(&up);
	if (kshm_ring_filled(&down) && kshm_ring_room(&up))
		return;
	naps++;
	if (poll(&wait, 1, 1000) < 0 || ioctl(fd, KSHM_IOC_EVENTS, &seen)) {
		perror("poll");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	double begin, seconds;
	char *p;
	int nr;

	if (argc != 3) {
		fprintf(stderr, "usage: stream DEVICE SECONDS\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	p = mmap(NULL, STREAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	/* Go on where the program before has stopped. */
	kshm_ring_init(&down, p + STREAM_DOWN_OFFSET, STREAM_RECORDS,
		       sizeof(struct stream_record),
		       ((struct kshm_ring *)(p + STREAM_DOWN_OFFSET))->tail);
	kshm_ring_init(&up, p + STREAM_UP_OFFSET, STREAM_RECORDS,
		       sizeof(struct stream_record),
		       ((struct kshm_ring *)(p + STREAM_UP_OFFSET))->head);

	begin = now();
	while (now() - begin < atof(argv[2])) {
		nr = move();
		if (nr < 0) {
			fprintf(stderr, "a ring is broken\n");
			return 1;
		}
		if (!nr)
			nap();
	}
	seconds = now() - begin;
	printf("%lu records, %lu errors, %.0f records/s, %.1f MB/s, ",
	       records, errors, records / seconds,
	       records * sizeof(struct stream_record) / seconds / 1e6);
	printf("slept %lu times, rang %lu times\n", naps, rings);
	return errors != 0;
}
