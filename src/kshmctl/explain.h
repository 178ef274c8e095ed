/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a buffer could not be created, and what would work. */
#ifndef KSHMCTL_EXPLAIN_H
#define KSHMCTL_EXPLAIN_H

#include "config.h"

/* @where begins the message, for instance a line of a file; it can be empty. */
void explain_mkdir(const struct request *req, const char *where, int error);
void explain_attr(const struct request *req, enum config_attr attr, const char *where, int error);

/* As long as the directory is there. */
void explain_live(const struct request *req, const char *where, int error);

#endif /* KSHMCTL_EXPLAIN_H */
