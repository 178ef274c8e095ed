/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KTAP for the C test programs. lib/guest.sh makes each program a subtest: it
 * says in KTAP_INDENT by how much the lines are to be indented.
 */
#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>

#define __attr(x)	__attribute__((x))
#define __printf(a, b)	__attr(format(printf, a, b))

/* One result. Returns cond. */
__printf(2, 3)
bool ok(bool cond, const char *fmt, ...);

/* Passes when got equals want; shows both otherwise. */
__printf(3, 4)
bool is(long long got, long long want, const char *fmt, ...);

/* Passes when both strings are the same; shows both otherwise. */
__printf(3, 4)
bool is_str(const char *got, const char *want, const char *fmt, ...);

/* Passes when a system call returned -1 with this errno; shows both otherwise. */
__printf(3, 4)
bool fails(long ret, int err, const char *fmt, ...);

/* A result that is not possible here: what and, after it, why. */
__printf(2, 3)
void skip(const char *what, const char *why, ...);

/* A remark. */
__printf(1, 2)
void diag(const char *fmt, ...);

/* The test cannot go on; adds errno. */
__attr(noreturn) __printf(1, 2)
void bail(const char *fmt, ...);

/* Prints the plan: main() returns this. */
int tap_done(void);

#endif /* KTAP_H */
