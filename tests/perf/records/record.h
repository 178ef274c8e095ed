/* SPDX-License-Identifier: GPL-2.0-only */
/* The records that are measured: those of the sample, alike by every way. */
#ifndef RECORD_H
#define RECORD_H

#include "stream.h"

#define BATCH		64		/* records */
#define ROOM		(64 * 1024)	/* bytes in each ring, as in a pipe */

static inline void record_fill(struct stream_record *record, __u64 number)
{
	int i;

	record->number = number;
	for (i = 0; i < STREAM_DATA - 1; i++)
		record->data[i] = number;
	record->sum = stream_sum(record);
}

#endif /* RECORD_H */
