/* SPDX-License-Identifier: GPL-2.0-only */
/* Which processes have a buffer open or mapped. */
#ifndef KSHMCTL_USERS_H
#define KSHMCTL_USERS_H

#include <stddef.h>

#include "buffer.h"

/**
 * struct user - a process that uses a buffer
 * @dev: device number of the buffer
 * @pid: of the process
 */
struct user {
	dev_t dev;
	pid_t pid;
};

/*
 * Those of @n buffers, each process and buffer once, by number of the process. A
 * user who is not root sees only his own processes.
 */
size_t users_find(const struct buffer *bufs, size_t n, struct user **users);

#endif /* KSHMCTL_USERS_H */
