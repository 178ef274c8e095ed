// SPDX-License-Identifier: GPL-2.0-only
/* KTAP for the C test programs. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"

static int count;
static int failures;

/* Begins each line. */
static const char *indent(void)
{
	const char *s = getenv("KTAP_INDENT");

	return s ? s : "";
}

__printf(2, 0)
static void result(bool cond, const char *fmt, va_list ap)
{
	count++;
	if (!cond)
		failures++;
	printf("%s%sok %d - ", indent(), cond ? "" : "not ", count);
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
	printf("%sok %d - %s # SKIP ", indent(), count, what);
	va_start(ap, why);
	vprintf(why, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

void diag(const char *fmt, ...)
{
	va_list ap;

	printf("%s# ", indent());
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
	printf("%snot ok %d - cannot go on: ", indent(), count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(": %s\n", strerror(err));
	failures++;
	exit(tap_done());
}

int tap_done(void)
{
	printf("%s1..%d\n", indent(), count);
	fflush(stdout);
	return failures ? 1 : 0;
}
