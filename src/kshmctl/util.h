/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory, files of one line, and sizes. */
#ifndef KSHMCTL_UTIL_H
#define KSHMCTL_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

/* Memory, or the end of the program. */
void *xrealloc(void *mem, size_t members, size_t size);
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The first line of a file, without the newline, cut to @len. Returns 0 or a
 * negative errno, and then an empty text.
 */
int file_read(const char *path, char *buf, size_t len);

/* Write a text to a file that exists. Returns 0 or a negative errno. */
int file_write(const char *path, const char *text);

/* A number, decimal or with 0x, with a suffix K, M, G, T or none. */
bool parse_size(const char *text, uint64_t *size);

/* The same as an option: a wrong one ends the program. */
uint64_t size_option(const char *command, const char *option, const char *text);

/* A number without a suffix, at most @max, likewise. */
unsigned long number_option(const char *command, const char *option,
			    const char *text, unsigned long max);

/* "1.5G", or in bytes. */
char *format_size(uint64_t size, bool bytes);

/* As parse_size() takes it, exactly: "1536M". */
char *format_exact(uint64_t size);

#endif /* KSHMCTL_UTIL_H */
