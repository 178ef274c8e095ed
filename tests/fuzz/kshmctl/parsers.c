// SPDX-License-Identifier: GPL-2.0-only
/*
 * Feeds the parsers of kshmctl with anything: sizes, which are compared with
 * another parser, and lines of the file that buffers are saved in, which must be
 * the same after they are written and parsed again.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "errors.h"
#include "explain.h"
#include "saved.h"
#include "util.h"

/* Messages are made, so that what they read is checked, and then dropped. */
static void drop(const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		abort();
	free(text);
}

void warnx(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	drop(format, args);
	va_end(args);
}

void advise(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	drop(format, args);
	va_end(args);
}

/* What the parsers do not call. */
void require_module(void)
{
	abort();
}

void explain_mkdir(const struct request *req, const char *where, int error)
{
	abort();
}

void explain_attr(const struct request *req, enum config_attr attr, const char *where, int error)
{
	abort();
}

void explain_live(const struct request *req, const char *where, int error)
{
	abort();
}

void command_misused(const char *command)
{
	abort();
}

static void want(bool cond, const char *what, const char *text)
{
	if (cond)
		return;
	fprintf(stderr, "%s: \"%s\"\n", what, text);
	abort();
}

/* As parse_size(), in 128 bits and digit by digit. */
static bool size_is_good(const char *text, uint64_t *size)
{
	unsigned __int128 sum = 0;
	static const char digits[] = "0123456789abcdef", units[] = "kmgt";
	const char *digit, *unit;
	unsigned int base = 10;
	size_t n = 0;

	if (text[0] == '0' && tolower((unsigned char)text[1]) == 'x') {
		base = 16;
		text += 2;
	}
	for (; *text; text++, n++) {
		digit = strchr(digits, tolower((unsigned char)*text));
		if (!digit || digit >= digits + base)
			break;
		sum = sum * base + (digit - digits);
		if (sum > UINT64_MAX)
			return false;
	}
	if (!n)
		return false;
	if (*text) {
		unit = strchr(units, tolower((unsigned char)*text));
		if (!unit || text[1])
			return false;
		sum <<= 10 * (unit - units + 1);
	}
	*size = sum;
	return sum <= UINT64_MAX;
}

static void try_size(const char *text)
{
	uint64_t size = 0, expected = 0, again = 0;
	bool good = parse_size(text, &size);
	char *exact, *rounded;

	want(good == size_is_good(text, &expected), "a size for one parser only", text);
	if (!good)
		return;
	want(size == expected, "different sizes", text);
	exact = format_exact(size);
	want(parse_size(exact, &again) && again == size, "does not round trip", exact);
	rounded = format_size(size, false);
	want(strlen(rounded) <= strlen("1023.9T") || size >> 50, "long", rounded);
	free(rounded);
	free(exact);
}

static bool same(const struct request *a, const struct request *b)
{
	int i;

	for (i = 0; i < NATTRS; i++) {
		if (!a->value[i] != !b->value[i] ||
		    (a->value[i] && strcmp(a->value[i], b->value[i])))
			return false;
	}
	return !strcmp(a->name, b->name);
}

/* kshmctl save writes names of directories, which have none of these. */
static bool name_is_plain(const char *name)
{
	return *name && !strpbrk(name, " \t\n\\#");
}

static void try_line(const char *text)
{
	char *line = xstrdup(text), *written = NULL;
	struct request req, again;
	size_t len;
	FILE *file;

	if (saved_parse(line, "", &req) == 1) {
		file = open_memstream(&written, &len);
		if (!file)
			abort();
		saved_print(file, &req);
		fclose(file);
		if (name_is_plain(req.name)) {
			char *copy = xstrdup(written);

			want(saved_parse(copy, "", &again) == 1 && same(&req, &again),
			     "is another buffer when it is written", text);
			saved_free(&again);
			free(copy);
		}
		free(written);
		saved_free(&req);
	}
	free(line);
}

/* The first byte chooses what the rest is. */
int fuzz_one(const uint8_t *data, size_t size);
int fuzz_one(const uint8_t *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	if (!text)
		abort();
	if (*data & 1)
		try_size(text);
	else
		try_line(text);
	free(text);
	return 0;
}
