/* SPDX-License-Identifier: GPL-2.0-only */
/* Time in milliseconds, and waiting. */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

#include "base.h"

static inline long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static inline void nap_ms(long long ms)
{
	const struct timespec t = {
		.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000
	};

	nanosleep(&t, NULL);
}

#endif /* CLOCK_H */
