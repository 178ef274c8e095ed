// SPDX-License-Identifier: GPL-2.0-only
/*
 * records ROUNDS DEVICE: how fast records of 64 bytes come to a program that
 * checks each of them: by a ring in the buffer of a kernel module, by relay, by
 * a BPF ring buffer, all from the kernel, and by a pipe from another program.
 * Each way has room for 64 KiB, and both sides handle 64 records at a time and
 * sleep while they have nothing to do.
 *
 * Every writer goes on for ever, and sleeps when there is no room. So it waits
 * while another way is measured, and the numbers of its records go on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kshm.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "bpf_ring.h"
#include "record.h"

#define RECORDS		1000000
#define RELAY_FILE	"/sys/kernel/debug/relay_records0"
#define RELAY_REFUSED	"/sys/module/relay_records/parameters/refused"

/**
 * struct way - a way from the writer to this program
 * @name:    as in the results
 * @start:   open it; the process that writes, 0 when it is not a process
 * @take:    call use() for what is there, at most a batch; the number of records
 * @wait:    sleep until there is something; NULL where take() does
 * @refused: how often the writer found no room and tried again; NULL: it is not
 *	     refused, but looks or sleeps before it writes
 * @next:    number of the next record
 * @writer:  what start() has returned
 */
struct way {
	const char *name;
	pid_t (*start)(void);
	int (*take)(void (*use)(const struct stream_record *record));
	void (*wait)(void);
	uint64_t (*refused)(void);
	uint64_t next;
	pid_t writer;
};

static const char *device;
static struct way *way;		/* that is measured */

static void check(const struct stream_record *record)
{
	if (record->number != way->next ||
	    record->sum != stream_sum(record)) {
		fprintf(stderr, "%s: record %llu, sum %llu, in place of %llu\n",
			way->name, record->number, record->sum,
			(unsigned long long)way->next);
		exit(1);
	}
	way->next++;
}

/* A ring in a buffer, and the doorbell */
static struct kshm_ring_end ring;
static int ring_fd;

static pid_t kshm_start(void)
{
	const size_t size = sizeof(struct kshm_ring) + ROOM;
	void *map;

	ring_fd = open(device, O_RDWR);
	if (ring_fd < 0)
		die(device);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, 0);
	if (map == MAP_FAILED)
		die("mmap");
	kshm_ring_init(&ring, map, ROOM / sizeof(struct stream_record),
		       sizeof(struct stream_record), 0);
	return 0;
}

static int kshm_take(void (*use)(const struct stream_record *record))
{
	int i, nr = kshm_ring_filled(&ring);

	if (nr > BATCH)
		nr = BATCH;
	for (i = 0; i < nr; i++) {
		use(kshm_ring_record(&ring));
		kshm_ring_take(&ring);
	}
	if (nr && kshm_ring_must_wake_producer(&ring) &&
	    ioctl(ring_fd, KSHM_IOC_NOTIFY, 0))
		die("KSHM_IOC_NOTIFY");
	return nr;
}

static void kshm_wait(void)
{
	struct kshm_events seen = { .struct_size = sizeof(seen) };
	struct pollfd p = { .fd = ring_fd, .events = POLLPRI };

	kshm_ring_wait_record(&ring);
	if (kshm_ring_filled(&ring))
		return;
	if (poll(&p, 1, -1) != 1 || ioctl(ring_fd, KSHM_IOC_EVENTS, &seen))
		die("poll");
}

/* What is read at once, for relay and the pipe */
static int take_from(int fd, void (*use)(const struct stream_record *record))
{
	static struct stream_record batch[BATCH];
	ssize_t n = read(fd, batch, sizeof(batch));
	size_t i;

	if (n < 0 || n % sizeof(*batch)) {
		errno = n < 0 ? errno : EPROTO;
		die(way->name);
	}
	for (i = 0; i < n / sizeof(*batch); i++)
		use(&batch[i]);
	return i;
}

static int relay_fd;

static pid_t relay_start(void)
{
	relay_fd = open(RELAY_FILE, O_RDONLY);
	if (relay_fd < 0)
		die(RELAY_FILE);
	return 0;
}

static int relay_take(void (*use)(const struct stream_record *record))
{
	return take_from(relay_fd, use);
}

static void relay_wait(void)
{
	struct pollfd p = { .fd = relay_fd, .events = POLLIN };

	if (poll(&p, 1, -1) != 1)
		die("poll");
}

static uint64_t relay_refused(void)
{
	return read_number(RELAY_REFUSED, "");
}

static int pipes[2];

static void pipe_write(void)
{
	static struct stream_record batch[BATCH];
	uint64_t number = 0;
	int i;

	for (;;) {
		for (i = 0; i < BATCH; i++)
			record_fill(&batch[i], number++);
		if (write(pipes[1], batch, sizeof(batch)) != sizeof(batch))
			die("pipe");
	}
}

static pid_t pipe_start(void)
{
	pid_t pid;

	if (pipe(pipes))
		die("pipe");
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pipe_write();
	}
	close(pipes[1]);
	return pid;
}

static int pipe_take(void (*use)(const struct stream_record *record))
{
	return take_from(pipes[0], use);
}

static struct way ways[] = {
	{ .name = "kshm", .start = kshm_start, .take = kshm_take,
	  .wait = kshm_wait },
	{ .name = "relay", .start = relay_start, .take = relay_take,
	  .wait = relay_wait, .refused = relay_refused },
	{ .name = "bpf", .start = bpf_ring_start, .take = bpf_ring_take,
	  .wait = bpf_ring_wait, .refused = bpf_ring_refused },
	{ .name = "pipe", .start = pipe_start, .take = pipe_take },
	{ }
};

static void take(uint64_t records)
{
	uint64_t end = way->next + records;

	while (way->next < end) {
		if (!way->take(check) && way->wait)
			way->wait();
	}
}

static void measure(void)
{
	uint64_t refused, begin, from;
	double took;

	/* What has waited in the ring, and the first faults. */
	take(RECORDS / 10);
	refused = way->refused ? way->refused() : 0;
	from = way->next;
	begin = now();
	take(RECORDS);
	took = now() - begin;
	figure("records", way->name, 0, (way->next - from) * 1e9 / took);
	figure("record", way->name, 0, took / (way->next - from));
	if (way->refused)
		figure("record-refused", way->name, 0,
		       (double)(way->refused() - refused) / (way->next - from));
}

int main(int argc, char **argv)
{
	int rounds;

	if (argc != 3)
		return 2;
	device = argv[2];
	for (way = ways; way->name; way++)
		way->writer = way->start();
	for (rounds = atoi(argv[1]); rounds; rounds--)
		for (way = ways; way->name; way++)
			measure();
	/* They hold the files open that they have inherited. */
	for (way = ways; way->name; way++) {
		if (way->writer <= 0)
			continue;
		kill(way->writer, SIGKILL);
		waitpid(way->writer, NULL, 0);
	}
	return 0;
}
