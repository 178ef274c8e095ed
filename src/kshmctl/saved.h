/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that buffers are saved in: its form is in kshmctl(8). */
#ifndef KSHMCTL_SAVED_H
#define KSHMCTL_SAVED_H

#include <stdio.h>

#include "config.h"

#define SAVED_FILE "/etc/kshm/buffers.conf"

/* A line, from values as the files in configfs have them. */
void saved_print(FILE *file, const struct request *req);

/*
 * Parse a line, which is changed. Returns 1 for a buffer, 0 for an empty line or a
 * comment, and -1 after a message that begins with @where.
 */
int saved_parse(char *line, const char *where, struct request *req);

void saved_free(struct request *req);

#endif /* KSHMCTL_SAVED_H */
