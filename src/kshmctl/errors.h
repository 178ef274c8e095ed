/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wrong with the installation, and the next step. */
#ifndef KSHMCTL_ERRORS_H
#define KSHMCTL_ERRORS_H

/* Unless the module is loaded, say why it is not, and end the program. */
void require_module(void);

/* Why a node could not be opened. */
void explain_open(const char *path, int error);

/* A line after a message: what to do. */
void advise(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* KSHMCTL_ERRORS_H */
