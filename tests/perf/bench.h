/* SPDX-License-Identifier: GPL-2.0-only */
/* What the measuring programs share: a clock, and how a figure is printed. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds; instructions where QEMU runs with -icount shift=0. */
uint64_t now(void);

/* The same, without what the processor spends on others or idle. */
uint64_t cpu_now(void);

/* One raw figure; the host makes medians and ratios of them. */
void figure(const char *line, const char *way, uint64_t size, double value);

/* A figure that cannot be had. */
void no_figure(const char *line, const char *way, uint64_t size,
	       const char *why);

/* Say what failed, with errno, and exit. */
void die(const char *what) __attribute__((noreturn));

uint64_t number(const char *text);
void write_file(const char *path, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
uint64_t read_number(const char *path, const char *key);

#endif
