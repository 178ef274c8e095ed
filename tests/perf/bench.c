// SPDX-License-Identifier: GPL-2.0-only
/* What the measuring programs share. */
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

uint64_t now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t cpu_now(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

void figure(const char *line, const char *way, uint64_t size, double value)
{
	printf("raw %s %s %llu %.10g\n", line, way, (unsigned long long)size,
	       value);
	fflush(stdout);
}

void no_figure(const char *line, const char *way, uint64_t size,
	       const char *why)
{
	printf("raw %s %s %llu none %s\n", line, way,
	       (unsigned long long)size, why);
	fflush(stdout);
}

void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* With K, M or G. */
uint64_t number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 0);

	switch (*end) {
	case 'G':
		n <<= 10; /* fall through */
	case 'M':
		n <<= 10; /* fall through */
	case 'K':
		n <<= 10;
	}
	return n;
}

/* Fails silently, as the kernel may refuse: errno is left. */
void write_file(const char *path, const char *format, ...)
{
	int fd = open(path, O_WRONLY);
	va_list args;

	if (fd < 0)
		die(path);
	va_start(args, format);
	if (vdprintf(fd, format, args) < 0)
		die(path);
	va_end(args);
	close(fd);
}

/* The number after @key in a file such as /proc/self/status. */
uint64_t read_number(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	uint64_t n = 0;
	char line[256];

	if (!file)
		die(path);
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, strlen(key))) {
			n = strtoull(line + strlen(key), NULL, 0);
			break;
		}
	}
	fclose(file);
	return n;
}
