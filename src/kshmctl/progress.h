/* SPDX-License-Identifier: GPL-2.0-only */
/* A bar on a terminal for what takes long. */
#ifndef KSHMCTL_PROGRESS_H
#define KSHMCTL_PROGRESS_H

#include <stdint.h>

/*
 * Show how much of the total is done. There is no bar if standard error is not a
 * terminal or a dumb one, or for the first half second.
 */
void progress_begin(const char *title, uint64_t total);
void progress(uint64_t done);

/* Take the bar away. */
void progress_end(void);

#endif /* KSHMCTL_PROGRESS_H */
