/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Test Anything Protocol for the C test programs.
 *
 * A program that lib.sh starts goes on counting where the script was: TAP_BASE
 * in the environment is the last number used, and the last number that the
 * program used goes to the file that TAP_COUNT names.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>

#define __attr(x)	__attribute__((x))
#define __printf(a, b)	__attr(format(printf, a, b))

/* One result. Returns cond. */
__printf(2, 3)
bool ok(bool cond, const char *fmt, ...);

/* ok when got equals want; shows both otherwise. */
__printf(3, 4)
bool is(long long got, long long want, const char *fmt, ...);

/* ok when both strings are the same; shows both otherwise. */
__printf(3, 4)
bool is_str(const char *got, const char *want, const char *fmt, ...);

/* ok when a system call returned -1 with this errno; shows both otherwise. */
__printf(3, 4)
bool fails(long ret, int err, const char *fmt, ...);

/* A result that could not be had here: say what and, after it, why. */
__printf(2, 3)
void skip(const char *what, const char *why, ...);

/* A remark. */
__printf(1, 2)
void diag(const char *fmt, ...);

/* The test cannot go on; adds errno. */
__attr(noreturn) __printf(1, 2)
void bail(const char *fmt, ...);

/* Ends the test: to be returned by main(). */
int tap_done(void);

#endif /* TAP_H */
