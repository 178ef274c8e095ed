// SPDX-License-Identifier: GPL-2.0-only
/*
 * Feeds the parser of buffers=, and of configfs's attributes, with anything and
 * compares it with another one, which is written as regular expressions and
 * 128-bit arithmetic.
 */
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "device.h"
#include "param.h"
#include "spec.h"

#define NUMBER	"(0[xX][0-9a-fA-F]+|[0-9]+)"

/* What one module parameter can have at most. */
#define MAX_ENTRIES	8192

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

static void compile(regex_t *regex, const char *text)
{
	want(!regcomp(regex, text, REG_EXTENDED), "regcomp", text);
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

/* A number alone. */
static bool plain_number(const char *text, u64 *value)
{
	static regex_t all;
	static bool compiled;
	unsigned __int128 n;
	regmatch_t m[2];

	if (!compiled)
		compile(&all, "^" NUMBER "$");
	compiled = true;
	if (regexec(&all, text, 2, m, 0) || !number(text, &m[1], &n))
		return false;
	*value = n;
	return true;
}

/* A number and perhaps one of kKmMgG. */
static bool bytes(const char *text, u64 *value)
{
	static regex_t all;
	static bool compiled;
	unsigned __int128 n;
	regmatch_t m[3];

	if (!compiled)
		compile(&all, "^" NUMBER "([kKmMgG]?)$");
	compiled = true;
	if (regexec(&all, text, 3, m, 0) || !number(text, &m[1], &n))
		return false;
	if (m[2].rm_eo > m[2].rm_so)
		n <<= strchr("kK", text[m[2].rm_so]) ? 10 :
		      strchr("mM", text[m[2].rm_so]) ? 20 : 30;
	if (n > UINT64_MAX)
		return false;
	*value = n;
	return true;
}

static bool name_is_good(const char *name)
{
	static regex_t good, dots, device;
	static bool compiled;

	if (!compiled) {
		compile(&good, "^[A-Za-z0-9_.-]{1,31}$");
		compile(&dots, "^[.]{1,2}$");
		compile(&device, "^kshm[0-9]+$");
	}
	compiled = true;
	return !regexec(&good, name, 0, NULL, 0) &&
	       regexec(&dots, name, 0, NULL, 0) &&
	       regexec(&device, name, 0, NULL, 0);
}

static bool set_name(struct kshm_spec *spec, const char *text)
{
	if (!name_is_good(text))
		return false;
	strcpy(spec->name, text);
	return true;
}

static bool set_size(struct kshm_spec *spec, const char *text)
{
	u64 n;

	if (!bytes(text, &n) || !n || n > S64_MAX - (PAGE_SIZE - 1))
		return false;
	spec->mem.size = n;
	return true;
}

/* Empty: none. */
static bool set_phys(struct kshm_spec *spec, const char *text)
{
	u64 n = 0;

	if (*text && (!plain_number(text, &n) || n % PAGE_SIZE))
		return false;
	spec->mem.phys = n;
	spec->mem.has_phys = *text;
	return true;
}

static bool set_node(struct kshm_spec *spec, const char *text)
{
	u64 n = -1;

	if (strcmp(text, "-1") && (!plain_number(text, &n) || (n && n != 2)))
		return false;
	spec->mem.node = n;
	return true;
}

static bool set_addr_bits(struct kshm_spec *spec, const char *text)
{
	u64 n;

	if (!plain_number(text, &n) || (n && n < 24) || n > 64)
		return false;
	spec->mem.addr_bits = n;
	return true;
}

static bool set_align(struct kshm_spec *spec, const char *text)
{
	u64 n;

	if (!bytes(text, &n) || __builtin_popcountll(n) > 1)
		return false;
	spec->mem.align = n;
	return true;
}

static bool set_addr_min(struct kshm_spec *spec, const char *text)
{
	return bytes(text, &spec->mem.addr_min);
}

static bool set_addr_max(struct kshm_spec *spec, const char *text)
{
	return bytes(text, &spec->mem.addr_max);
}

static bool set_cache(struct kshm_spec *spec, const char *text)
{
	static const char modes[] = "wb wc uc";
	const char *found = strstr(modes, text);

	if (strlen(text) != 2 || !found || (found - modes) % 3)
		return false;
	spec->mem.cache = (found - modes) / 3;
	return true;
}

static bool set_keep(struct kshm_spec *spec, const char *text)
{
	u64 n;

	if (!plain_number(text, &n) || n > 1)
		return false;
	spec->mem.keep = n;
	return true;
}

static bool set_reserve_mem(struct kshm_spec *spec, const char *text)
{
	static regex_t good;
	static bool compiled;

	if (!compiled)
		compile(&good, "^[ -~]{0,15}$");
	compiled = true;
	if (regexec(&good, text, 0, NULL, 0))
		return false;
	strcpy(spec->mem.reserve_mem, text);
	return true;
}

static const struct {
	const char *key;
	bool (*set)(struct kshm_spec *spec, const char *text);
} keys[] = {
	{ "node", set_node },
	{ "addr_bits", set_addr_bits },
	{ "align", set_align },
	{ "addr_min", set_addr_min },
	{ "addr_max", set_addr_max },
	{ "cache", set_cache },
	{ "keep", set_keep },
	{ "reserve_mem", set_reserve_mem },
};

/* KEY=VALUE, without a slash; changes the text. */
static bool set_key(struct kshm_spec *spec, char *text)
{
	char *key = strsep(&text, "=");
	size_t i;

	for (i = 0; text && *text && i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i].key))
			return keys[i].set(spec, text);
	return false;
}

static void fresh(struct kshm_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->mem.node = NUMA_NO_NODE;
}

/* What the manual says of attributes that exclude each other. */
static bool goes_together(const struct kshm_mem_spec *mem)
{
	unsigned __int128 end = mem->addr_min;

	if (mem->has_phys && *mem->reserve_mem)
		return false;
	if (mem->has_phys || *mem->reserve_mem)
		return mem->node < 0 && !mem->addr_bits && !mem->align &&
		       !mem->addr_min && !mem->addr_max;
	if (mem->keep)
		return false;
	end += (mem->size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
	return !mem->addr_max || end - 1 <= mem->addr_max;
}

/* One entry, as the manual has it: [NAME:]SIZE[@PHYS][/KEY=VALUE...] */
static bool entry_is_good(const char *entry, struct kshm_spec *spec)
{
	char *copy = strdup(entry), *rest = copy, *part, *size, *name = NULL;
	bool good = true;

	fresh(spec);
	size = strsep(&rest, "/");
	if (strchr(size, ':'))
		name = strsep(&size, ":");
	part = size;
	size = strsep(&part, "@");
	if (name)
		good = set_name(spec, name);
	if (part)
		good = good && *part && set_phys(spec, part);
	good = good && set_size(spec, size);
	while (good && (part = strsep(&rest, "/")))
		good = set_key(spec, part);
	free(copy);
	return good && goes_together(&spec->mem);
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
	const struct kshm_mem_spec *m = &a->mem, *n = &b->mem;

	return !strcmp(a->name, b->name) && m->size == n->size &&
	       m->phys == n->phys && m->has_phys == n->has_phys &&
	       !strcmp(m->reserve_mem, n->reserve_mem) &&
	       m->keep == n->keep && m->cache == n->cache &&
	       m->node == n->node &&
	       m->addr_bits == n->addr_bits && m->align == n->align &&
	       m->addr_min == n->addr_min && m->addr_max == n->addr_max;
}

/* What was understood, written down again, must be understood as the same. */
static void round_trip(const struct kshm_spec *spec, const char *text)
{
	const struct kshm_mem_spec *mem = &spec->mem;
	struct kshm_spec again = { 0 };
	char entry[512], phys[32] = "", name[32] = "";

	if (mem->has_phys)
		snprintf(phys, sizeof(phys), "@0x%llx",
			 (unsigned long long)mem->phys);
	if (*mem->reserve_mem)
		snprintf(name, sizeof(name), "/reserve_mem=%s",
			 mem->reserve_mem);
	snprintf(entry, sizeof(entry),
		 "%s%s%llu%s%s/cache=%s/keep=%d/node=%d/addr_bits=%u/align=%llu/addr_min=0x%llx/addr_max=%llu",
		 spec->name, *spec->name ? ":" : "",
		 (unsigned long long)mem->size, phys, name,
		 kshm_cache_name(mem->cache), mem->keep, mem->node,
		 mem->addr_bits, (unsigned long long)mem->align,
		 (unsigned long long)mem->addr_min,
		 (unsigned long long)mem->addr_max);
	want(kshm_param_count(entry) == 1 &&
	     !kshm_param_parse(entry, &again, 1) && same(spec, &again),
	     "does not round trip", text);
}

static void try_buffers(const char *text)
{
	static struct kshm_spec specs[KSHM_MAX_DEVICES], other[MAX_ENTRIES];
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
	kshm_param_report(text, &specs[count - 1], count - 1, -ENOMEM);
}

/*
 * One attribute was set to a text, by both. What is refused must change nothing:
 * a directory in configfs keeps the value that it had.
 */
static void agree(const struct kshm_spec *spec, int err,
		  const struct kshm_spec *model, bool good, const char *what)
{
	struct kshm_spec unchanged;

	kshm_spec_init(&unchanged);
	want(!err == good, good ? "refused and good" : "accepted and bad",
	     what);
	want(same(spec, good ? model : &unchanged),
	     good ? "understood otherwise" : "refused and changed", what);
}

/* What configfs takes: a text that does not end in a zero. */
static void try_parts(const char *exact, size_t len, const char *text)
{
	bool whole = strlen(text) == len, good;
	struct kshm_spec spec, model;
	size_t i;
	int err;

	kshm_spec_init(&spec);
	fresh(&model);
	good = whole && set_size(&model, text);
	err = kshm_spec_set_size(&spec, exact, len);
	agree(&spec, err, &model, good, "size");

	kshm_spec_init(&spec);
	fresh(&model);
	good = whole && set_name(&model, text);
	err = kshm_spec_set_name(&spec, exact, len);
	agree(&spec, err, &model, good, "name");

	kshm_spec_init(&spec);
	fresh(&model);
	good = whole && set_phys(&model, text);
	err = kshm_spec_set_phys(&spec, exact, len);
	agree(&spec, err, &model, good, "phys_addr");

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		kshm_spec_init(&spec);
		fresh(&model);
		good = whole && keys[i].set(&model, text);
		err = kshm_spec_set(&spec, keys[i].key, exact, len);
		agree(&spec, err, &model, good, keys[i].key);
	}
	want(kshm_spec_set(&spec, "size", exact, len) == -ENOENT,
	     "an unknown key", text);
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
