// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory, files of one line, and sizes.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "util.h"

static const char units[] = "KMGT";

void *xrealloc(void *mem, size_t members, size_t size)
{
	mem = reallocarray(mem, members, size);
	if (!mem)
		err(EXIT_FAILURE, NULL);
	return mem;
}

char *xstrdup(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		err(EXIT_FAILURE, NULL);
	return copy;
}

char *xasprintf(const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		err(EXIT_FAILURE, NULL);
	return text;
}

int file_read(const char *path, char *buf, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;
	int error;

	buf[0] = '\0';
	if (fd < 0)
		return -errno;
	got = read(fd, buf, len - 1);
	error = errno;
	close(fd);
	if (got < 0) {
		buf[0] = '\0';
		return -error;
	}
	buf[got] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return 0;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);
	int error = 0;
	ssize_t done;

	if (fd < 0)
		return -errno;
	/* Files of the kernel take a value in one piece; it must not be empty. */
	done = write(fd, len ? text : "\n", len ? len : 1);
	if (done < 0)
		error = errno;
	else if ((size_t)done < len)
		error = EIO;
	if (close(fd) && !error)
		error = errno;
	return -error;
}

bool parse_size(const char *text, uint64_t *size)
{
	int base = !strncasecmp(text, "0x", 2) ? 16 : 10;
	unsigned int shift = 0;
	const char *unit;
	char *end;

	/* strtoull() would take blanks and signs. */
	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*size = strtoull(text, &end, base);
	if (errno || (base == 16 && end < text + 3))
		return false;
	if (*end) {
		unit = strchr(units, toupper((unsigned char)*end));
		if (!unit || end[1])
			return false;
		shift = 10 * (unit - units + 1);
	}
	if (*size > UINT64_MAX >> shift)
		return false;
	*size <<= shift;
	return true;
}

uint64_t size_option(const char *command, const char *option, const char *text)
{
	uint64_t size;

	if (!parse_size(text, &size)) {
		warnx("%s: '%s' is not a number, as 4096, 0x1000, 64M or 2G", option, text);
		command_misused(command);
	}
	return size;
}

unsigned long number_option(const char *command, const char *option,
			    const char *text, unsigned long max)
{
	uint64_t number;

	if (strpbrk(text, "kmgtKMGT") || !parse_size(text, &number) || number > max) {
		warnx("%s: '%s' is not a number from 0 to %lu", option, text, max);
		command_misused(command);
	}
	return number;
}

char *format_size(uint64_t size, bool bytes)
{
	unsigned int unit, tenths;
	uint64_t whole, rest;

	for (unit = 0; unit < 4 && size >> (10 * (unit + 1)); unit++)
		;
	if (bytes || !unit)
		return xasprintf(bytes ? "%" PRIu64 : "%" PRIu64 "B", size);
	whole = size >> (10 * unit);
	rest = size & ((UINT64_C(1) << (10 * unit)) - 1);
	/* Rounded down: what is printed as a largest size must fit. */
	tenths = (rest >> (10 * (unit - 1))) * 10 / 1024;
	if (tenths)
		return xasprintf("%" PRIu64 ".%u%c", whole, tenths, units[unit - 1]);
	return xasprintf("%" PRIu64 "%c", whole, units[unit - 1]);
}

char *format_exact(uint64_t size)
{
	unsigned int unit = 0;

	while (size && unit < 4 && !(size & 1023)) {
		size >>= 10;
		unit++;
	}
	if (!unit)
		return xasprintf("%" PRIu64, size);
	return xasprintf("%" PRIu64 "%c", size, units[unit - 1]);
}
