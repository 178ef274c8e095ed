/* SPDX-License-Identifier: GPL-2.0-only */
/* The doorbell of an open device. */
#ifndef DOORBELL_H
#define DOORBELL_H

#include <poll.h>

#include "device.h"

static inline void ring(int fd)
{
	if (ioctl(fd, KSHM_IOC_NOTIFY, 0))
		bail("KSHM_IOC_NOTIFY");
}

/* The count, which the file has seen then. */
static inline __u64 events(int fd)
{
	struct kshm_events e = { .struct_size = sizeof(e) };

	if (ioctl(fd, KSHM_IOC_EVENTS, &e))
		bail("KSHM_IOC_EVENTS");
	return e.count;
}

/* Whether poll() reports POLLPRI within some time. */
static inline bool rung_within(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLPRI };

	if (poll(&p, 1, ms) < 0)
		bail("poll");
	return p.revents == POLLPRI;
}

static inline bool rung(int fd)
{
	return rung_within(fd, 0);
}

#endif /* DOORBELL_H */
