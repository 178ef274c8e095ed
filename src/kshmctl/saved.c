// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file that buffers are saved in: a line for each, NAME and KEY=VALUE, separated
 * by blanks. A backslash takes away the meaning of the next character.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "saved.h"
#include "util.h"

void saved_print(FILE *file, const struct request *req)
{
	const char *c;
	int i;

	fputs(req->name, file);
	for (i = 0; i < NATTRS; i++) {
		if (!req->value[i])
			continue;
		fprintf(file, " %s=", config_attrs[i].name);
		for (c = req->value[i]; *c; c++) {
			if (strchr(" \t\\#", *c))
				putc('\\', file);
			putc(*c, file);
		}
	}
	putc('\n', file);
}

/* The next word of a line, without backslashes, or NULL. */
static char *next_word(char **rest)
{
	char *from = *rest + strspn(*rest, " \t\n"), *word = from, *to = from;

	if (!*from || *from == '#')
		return NULL;
	while (*from && !strchr(" \t\n", *from)) {
		if (*from == '\\' && from[1] && from[1] != '\n')
			from++;
		*to++ = *from++;
	}
	*rest = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

static int find_attr(const char *name)
{
	int i;

	for (i = 0; i < NATTRS; i++) {
		if (!strcmp(config_attrs[i].name, name))
			return i;
	}
	return -1;
}

static bool parse_word(char *word, const char *where, struct request *req)
{
	char *value = strchr(word, '=');
	uint64_t number;
	int attr;

	if (value)
		*value++ = '\0';
	attr = find_attr(word);
	if (!value || attr < 0) {
		warnx("%s%s: '%s' is not a key with a value, as size=64M", where, req->name, word);
		advise("the keys are the names of the files in configfs, see kshmctl(8)");
		return false;
	}
	if (req->value[attr]) {
		warnx("%s%s: %s is there twice", where, req->name, word);
		return false;
	}
	if (!config_attrs[attr].number) {
		req->value[attr] = xstrdup(value);
		return true;
	}
	if (!parse_size(value, &number)) {
		warnx("%s%s: %s cannot be '%s'", where, req->name, word, value);
		advise("%s is %s", word, config_attrs[attr].rule);
		return false;
	}
	req->value[attr] = xasprintf("%" PRIu64, number);
	return true;
}

int saved_parse(char *line, const char *where, struct request *req)
{
	char *word;

	memset(req, 0, sizeof(*req));
	req->name = next_word(&line);
	if (!req->name)
		return 0;
	while ((word = next_word(&line))) {
		if (!parse_word(word, where, req)) {
			saved_free(req);
			return -1;
		}
	}
	return 1;
}

void saved_free(struct request *req)
{
	int i;

	for (i = 0; i < NATTRS; i++) {
		free(req->value[i]);
		req->value[i] = NULL;
	}
}
