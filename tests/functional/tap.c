// SPDX-License-Identifier: GPL-2.0-only
/* Test Anything Protocol for the C test programs. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static int count;
static int failures;

static int base(void)
{
	const char *s = getenv("TAP_BASE");

	return s ? atoi(s) : 0;
}

__printf(2, 0)
static void result(bool cond, const char *fmt, va_list ap)
{
	count++;
	if (!cond)
		failures++;
	printf("%sok %d - ", cond ? "" : "not ", base() + count);
	vprintf(fmt, ap);
	putchar('\n');
	fflush(stdout);
}

bool ok(bool cond, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(cond, fmt, ap);
	va_end(ap);
	return cond;
}

bool is(long long got, long long want, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	result(got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		diag("got %lld (%#llx), want %lld (%#llx)",
		     got, got, want, want);
	return got == want;
}

bool is_str(const char *got, const char *want, const char *fmt, ...)
{
	bool same = !strcmp(got, want);
	va_list ap;

	va_start(ap, fmt);
	result(same, fmt, ap);
	va_end(ap);
	if (!same)
		diag("got \"%s\", want \"%s\"", got, want);
	return same;
}

bool fails(long ret, int err, const char *fmt, ...)
{
	int got = errno;
	bool good = ret == -1 && got == err;
	va_list ap;

	va_start(ap, fmt);
	result(good, fmt, ap);
	va_end(ap);
	if (!good && ret == -1)
		diag("got errno %d (%s), want %d (%s)",
		     got, strerror(got), err, strerror(err));
	else if (!good)
		diag("got result %ld, want errno %d (%s)",
		     ret, err, strerror(err));
	return good;
}

void skip(const char *what, const char *why, ...)
{
	va_list ap;

	count++;
	printf("ok %d - %s # SKIP ", base() + count, what);
	va_start(ap, why);
	vprintf(why, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

void diag(const char *fmt, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

void bail(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	count++;
	printf("not ok %d - cannot go on: ", base() + count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(": %s\n", strerror(err));
	failures++;
	exit(tap_done());
}

int tap_done(void)
{
	const char *path = getenv("TAP_COUNT");

	if (path) {
		FILE *f = fopen(path, "w");

		if (!f || fprintf(f, "%d\n", base() + count) < 0 || fclose(f)) {
			diag("cannot write %s", path);
			return 1;
		}
	} else {
		printf("1..%d\n", base() + count);
	}
	fflush(stdout);
	return failures ? 1 : 0;
}
