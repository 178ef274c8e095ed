/* SPDX-License-Identifier: GPL-2.0-only */
/* Records that a BPF program writes to a BPF ring buffer. */
#ifndef BPF_RING_H
#define BPF_RING_H

#include <stdint.h>
#include <sys/types.h>

#include "record.h"

/* Make the ring buffer, and start a process that keeps it full, which is returned. */
pid_t bpf_ring_start(void);

/*
 * Call use() for the records that are there, at most a batch of them, and
 * return their number.
 */
int bpf_ring_take(void (*use)(const struct stream_record *record));

/* Sleep until there is a record. */
void bpf_ring_wait(void);

/* How often the program found the ring buffer full. */
uint64_t bpf_ring_refused(void);

#endif
