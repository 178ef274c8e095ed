// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bar on a terminal for what takes long.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define WIDTH 40

/* When to draw next, milliseconds; how often. */
#define FIRST 500
#define EVERY 100

static const char *bar_title;
static uint64_t bar_total;
static uint64_t next_draw;
static bool enabled, drawn;

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * UINT64_C(1000) + ts.tv_nsec / 1000000;
}

/* A terminal that can erase a line. */
static bool is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

void progress_begin(const char *title, uint64_t total)
{
	bar_title = title;
	bar_total = total;
	enabled = total && is_terminal();
	drawn = false;
	if (enabled)
		next_draw = now() + FIRST;
}

void progress(uint64_t done)
{
	char bar[WIDTH + 1];
	unsigned int full;

	if (!enabled || now() < next_draw)
		return;
	if (done > bar_total)
		done = bar_total;
	full = (double)done / bar_total * WIDTH;
	memset(bar, ' ', WIDTH);
	memset(bar, '=', full);
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3u %%", bar_title, bar,
		(unsigned int)((double)done / bar_total * 100));
	fflush(stderr);
	drawn = true;
	next_draw = now() + EVERY;
}

void progress_end(void)
{
	/* Erase the line. */
	if (drawn)
		fputs("\r\033[K", stderr);
	enabled = false;
	drawn = false;
}
