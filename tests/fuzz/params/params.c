// SPDX-License-Identifier: GPL-2.0-only
/*
 * Feeds the parser of buffers= with anything and compares it with another one,
 * which is written as a regular expression and 128-bit arithmetic.
 */
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "kshm.h"

#define NUMBER	"(0[xX][0-9a-fA-F]+|[0-9]+)"

/* As the kernel: a sign and a newline at the end are allowed. */
int kstrtou64(const char *text, unsigned int base, u64 *value)
{
	unsigned __int128 sum = 0;
	unsigned int digits = 0;

	text += *text == '+';
	if (base == 16 && text[0] == '0' && tolower(text[1]) == 'x')
		text += 2;
	for (; *text && *text != '\n'; text++, digits++) {
		unsigned int digit = 16;

		if (isdigit(*text))
			digit = *text - '0';
		else if (tolower(*text) >= 'a' && tolower(*text) <= 'f')
			digit = tolower(*text) - 'a' + 10;
		if (digit >= base)
			return -EINVAL;
		sum = sum * base + digit;
		if (sum > UINT64_MAX)
			return -ERANGE;
	}
	if (!digits || (*text && text[1]))
		return -EINVAL;
	*value = sum;
	return 0;
}

/* As the kernel: a newline at an end does not count. */
bool sysfs_streq(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b || (!*a && !strcmp(b, "\n")) ||
	       (!*b && !strcmp(a, "\n"));
}

/* Reads what it is given, as the kernel's log would. */
unsigned int log_sum;

void pr_err(const char *fmt, ...)
{
	const char *text;
	va_list ap;
	int len;

	va_start(ap, fmt);
	if (strstr(fmt, "%*pE")) {
		va_arg(ap, int);
		len = va_arg(ap, int);
		text = va_arg(ap, const char *);
		while (len--)
			log_sum += text[len];
		log_sum += strlen(va_arg(ap, const char *));
	}
	va_end(ap);
}

static void want(bool cond, const char *what, const char *text)
{
	if (cond)
		return;
	fprintf(stderr, "%s: \"%s\"\n", what, text);
	abort();
}

/* A number as the kernel reads it; a limit of 31 characters is kshm's. */
static bool number(const char *text, const regmatch_t *m, unsigned __int128 *n)
{
	const char *p = text + m->rm_so, *end = text + m->rm_eo;
	unsigned int base = 10;

	if (end - p > 31)
		return false;
	if (end - p > 2 && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	}
	for (*n = 0; p < end; p++)
		*n = *n * base + (*p > '9' ? (*p | 32) - 'a' + 10 : *p - '0');
	return *n <= UINT64_MAX;
}

/* size is a number and one of kKmMgG. */
static bool size_of(const char *text, const regmatch_t *digits,
		    const regmatch_t *unit, u64 *size)
{
	unsigned __int128 n;

	if (!number(text, digits, &n) || !n)
		return false;
	if (unit->rm_eo > unit->rm_so)
		n <<= strchr("kK", text[unit->rm_so]) ? 10 :
		      strchr("mM", text[unit->rm_so]) ? 20 : 30;
	if (n > S64_MAX - (PAGE_SIZE - 1))
		return false;
	*size = n;
	return true;
}

static bool name_is_good(const char *name)
{
	static regex_t good, dots, device;
	static bool compiled;

	if (!compiled) {
		compiled = !regcomp(&good, "^[A-Za-z0-9_.-]{1,31}$",
				    REG_EXTENDED) &&
			   !regcomp(&dots, "^[.]{1,2}$", REG_EXTENDED) &&
			   !regcomp(&device, "^kshm[0-9]+$", REG_EXTENDED);
		want(compiled, "regcomp", name);
	}
	return !regexec(&good, name, 0, NULL, 0) &&
	       regexec(&dots, name, 0, NULL, 0) &&
	       regexec(&device, name, 0, NULL, 0);
}

/* One entry, as the manual has it. */
static bool entry_is_good(const char *entry, struct kshm_spec *spec)
{
	static regex_t all;
	static bool compiled;
	unsigned __int128 phys;
	regmatch_t m[7];

	if (!compiled) {
		compiled = !regcomp(&all, "^(([^:]*):)?" NUMBER
				    "([kKmMgG]?)(@" NUMBER ")?$", REG_EXTENDED);
		want(compiled, "regcomp", entry);
	}
	memset(spec, 0, sizeof(*spec));
	if (regexec(&all, entry, 7, m, 0))
		return false;
	if (m[1].rm_so >= 0) {
		char *name = strndup(entry, m[2].rm_eo);
		bool good = name_is_good(name);

		if (good)
			strcpy(spec->name, name);
		free(name);
		if (!good)
			return false;
	}
	if (m[5].rm_so >= 0) {
		if (!number(entry, &m[6], &phys) || phys % PAGE_SIZE)
			return false;
		spec->phys = phys;
		spec->at_phys = true;
	}
	return size_of(entry, &m[3], &m[4], &spec->size);
}

/* All entries: their number, or -1. */
static int all_are_good(const char *text, struct kshm_spec *specs)
{
	char *copy = strdup(text), *rest = copy, *entry;
	int n = 0, i;

	while (n >= 0 && (entry = strsep(&rest, ","))) {
		if (!entry_is_good(entry, &specs[n])) {
			n = -1;
			break;
		}
		for (i = 0; i < n; i++)
			if (*specs[n].name &&
			    !strcmp(specs[i].name, specs[n].name))
				break;
		n = i < n ? -1 : n + 1;
	}
	free(copy);
	return n;
}

static bool same(const struct kshm_spec *a, const struct kshm_spec *b)
{
	return a->size == b->size && a->phys == b->phys &&
	       a->at_phys == b->at_phys && !strcmp(a->name, b->name);
}

/* What was understood, written down again, must be understood as the same. */
static void round_trip(const struct kshm_spec *spec, const char *text)
{
	struct kshm_spec again = { 0 };
	char entry[128];
	int n;

	n = snprintf(entry, sizeof(entry), "%s%s%llu", spec->name,
		     *spec->name ? ":" : "", (unsigned long long)spec->size);
	if (spec->at_phys)
		snprintf(entry + n, sizeof(entry) - n, "@0x%llx",
			 (unsigned long long)spec->phys);
	want(kshm_param_count(entry) == 1 &&
	     !kshm_param_parse(entry, &again, 1) && same(spec, &again),
	     "does not round trip", text);
}

static void try_buffers(const char *text)
{
	static struct kshm_spec specs[KSHM_MAX_DEVICES], other[8192];
	int count = kshm_param_count(text), i, good;
	int commas = 0;
	const char *p;

	for (p = text; *p; p++)
		commas += *p == ',';
	if (!strcmp(text, "none") || !strcmp(text, "none\n")) {
		want(!count, "none is something", text);
		return;
	}
	want(count == (commas < KSHM_MAX_DEVICES ? commas + 1 : -ENOSPC),
	     "wrong number of entries", text);
	if (count < 0)
		return;
	memset(specs, 0, sizeof(specs));
	good = all_are_good(text, other);
	if (kshm_param_parse(text, specs, count)) {
		want(good < 0, "refused and good", text);
	} else {
		want(good == count, "accepted and bad", text);
		for (i = 0; i < count; i++) {
			want(same(&specs[i], &other[i]), "understood otherwise",
			     text);
			round_trip(&specs[i], text);
		}
	}
	kshm_param_blame(text, count - 1, -ENOMEM);
}

/* What configfs takes: a text that does not end in a zero. */
static void try_parts(const char *exact, size_t len, const char *text)
{
	struct kshm_spec spec;
	u64 size = 0;
	bool good = !kshm_parse_size(exact, len, &size);

	want(good == (strlen(text) == len && !strpbrk(text, ":@") &&
		      entry_is_good(text, &spec)), "size", text);
	want(!good || spec.size == size, "size is another", text);
	want(!kshm_check_name(exact, len) ==
	     (strlen(text) == len && name_is_good(text)), "name", text);
}

/* The compiler is told what libFuzzer calls it. */
int fuzz_one(const uint8_t *data, size_t len);

int fuzz_one(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1), *exact = malloc(len + !len);

	if (!text || !exact)
		abort();
	memcpy(text, data, len);
	memcpy(exact, data, len);
	text[len] = '\0';
	try_parts(exact, len, text);
	try_buffers(text);
	free(text);
	free(exact);
	return 0;
}
