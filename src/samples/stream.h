/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* What kshm_stream.c and stream.c share: two rings and their records. */
#ifndef STREAM_H
#define STREAM_H

#include "kshm_ring.h"

#define STREAM_NAME		"stream"
#define STREAM_RECORDS		1024
#define STREAM_DATA		7

/**
 * struct stream_record - a record
 * @number: counts from 0
 * @data:   what a device would deliver
 * @sum:    of the others, so that a damaged record is noticed
 */
struct stream_record {
	__aligned_u64 number;
	__aligned_u64 data[STREAM_DATA - 1];
	__aligned_u64 sum;
};

#define STREAM_RING_SIZE \
	(sizeof(struct kshm_ring) + \
	 STREAM_RECORDS * sizeof(struct stream_record))

/* From the kernel to the program, and back. */
#define STREAM_DOWN_OFFSET	0
#define STREAM_UP_OFFSET	STREAM_RING_SIZE
#define STREAM_SIZE		(2 * STREAM_RING_SIZE)

static inline __u64 stream_sum(const struct stream_record *record)
{
	__u64 sum = record->number;
	int i;

	for (i = 0; i < STREAM_DATA - 1; i++)
		sum += record->data[i];
	return sum;
}

#endif /* STREAM_H */
