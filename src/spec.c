// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request for a buffer: how its parts are written, and which of them go
 * together.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/numa.h>
#include <linux/string.h>

#include "spec.h"

/* The longest number: 0x and 16 hex digits, or 20 decimal ones, and zeros. */
#define KSHM_NUMBER_MAX	32

/* Room for the longest key, and more. */
#define KSHM_KEY_SIZE	16

/* A size rounded up to pages must still be a file offset. */
#define KSHM_SIZE_MAX	((u64)S64_MAX - (PAGE_SIZE - 1))

/**
 * kshm_parse_number() - read a number such as 4096 or 0x1000
 * @text:  the number; need not be terminated
 * @len:   its length, bytes
 * @value: result
 *
 * Not memparse(): that takes 010 for 8, knows T, P and E, and stops at garbage.
 *
 * Context: any.
 * Return: 0; -EINVAL for anything else; -ERANGE when it does not fit in 64 bits.
 */
int kshm_parse_number(const char *text, size_t len, u64 *value)
{
	char digits[KSHM_NUMBER_MAX];
	bool hex = len > 2 && text[0] == '0' && tolower(text[1]) == 'x';
	size_t i;

	if (!len || len >= sizeof(digits) || !isdigit(text[0]))
		return -EINVAL;
	/* kstrtou64() would stop at a zero byte and accept a newline. */
	for (i = hex ? 2 : 0; i < len; i++) {
		if (!isxdigit(text[i]))
			return -EINVAL;
	}
	memcpy(digits, text, len);
	digits[len] = '\0';
	return kstrtou64(digits, hex ? 16 : 10, value);
}

/**
 * kshm_parse_bytes() - read a number of bytes such as 4096, 0x1000, 64K, 2M, 1G
 * @text:  the number; need not be terminated
 * @len:   its length, bytes
 * @bytes: result
 *
 * Context: any.
 * Return: 0; -EINVAL for anything else; -ERANGE when it does not fit in 64 bits.
 */
int kshm_parse_bytes(const char *text, size_t len, u64 *bytes)
{
	unsigned int shift = 0;
	u64 number;
	int err;

	if (!len)
		return -EINVAL;
	switch (toupper(text[len - 1])) {
	case 'K':
		shift = 10;
		break;
	case 'M':
		shift = 20;
		break;
	case 'G':
		shift = 30;
		break;
	}
	if (shift)
		len--;
	err = kshm_parse_number(text, len, &number);
	if (err)
		return err;
	if (number > U64_MAX >> shift)
		return -ERANGE;
	*bytes = number << shift;
	return 0;
}

/* kshmN is the name of a device, and of a buffer without a name of its own. */
static bool kshm_is_device_name(const char *name, size_t len)
{
	size_t i;

	if (len < 5 || strncmp(name, "kshm", 4))
		return false;
	for (i = 4; i < len; i++) {
		if (!isdigit(name[i]))
			return false;
	}
	return true;
}

/**
 * kshm_spec_init() - a request without any attribute
 * @spec: result
 *
 * Context: any.
 */
void kshm_spec_init(struct kshm_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->mem.node = NUMA_NO_NODE;
}

/**
 * kshm_spec_set_name() - set the name of the buffer
 * @spec: the request
 * @text: the name; need not be terminated
 * @len:  its length, bytes
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kshm_spec_set_name(struct kshm_spec *spec, const char *text, size_t len)
{
	size_t i;

	if (!len || len >= KSHM_NAME_SIZE)
		return -EINVAL;
	for (i = 0; i < len; i++) {
		if (!text[i] || !isascii(text[i]) ||
		    (!isalnum(text[i]) && !strchr("_.-", text[i])))
			return -EINVAL;
	}
	if (text[0] == '.' && (len == 1 || (len == 2 && text[1] == '.')))
		return -EINVAL;
	if (kshm_is_device_name(text, len))
		return -EINVAL;
	memcpy(spec->name, text, len);
	spec->name[len] = '\0';
	return 0;
}

static int kshm_use_size(struct kshm_mem_spec *mem, u64 size)
{
	if (!size)
		return -EINVAL;
	if (size > KSHM_SIZE_MAX)
		return -ERANGE;
	mem->size = size;
	return 0;
}

/**
 * kshm_spec_set_size() - set the size
 * @spec: the request
 * @text: the size, see kshm_parse_bytes()
 * @len:  its length, bytes
 *
 * Context: any.
 * Return: 0; -EINVAL for anything that is not a size above 0; -ERANGE when it
 * does not fit in 63 bits.
 */
int kshm_spec_set_size(struct kshm_spec *spec, const char *text, size_t len)
{
	u64 size;
	int err;

	err = kshm_parse_bytes(text, len, &size);
	return err ? err : kshm_use_size(&spec->mem, size);
}

/**
 * kshm_spec_set_phys() - set the physical address of a carveout
 * @spec: the request
 * @text: the address, see kshm_parse_number(); empty: no carveout
 * @len:  its length, bytes
 *
 * Context: any.
 * Return: 0; -EINVAL for anything that is not the address of a page; -ERANGE
 * when it does not fit in 64 bits.
 */
int kshm_spec_set_phys(struct kshm_spec *spec, const char *text, size_t len)
{
	u64 phys = 0;
	int err;

	if (len) {
		err = kshm_parse_number(text, len, &phys);
		if (err)
			return err;
		if (phys != (phys_addr_t)phys || offset_in_page(phys))
			return -EINVAL;
	}
	spec->mem.phys = phys;
	spec->mem.has_phys = len;
	return 0;
}

/**
 * kshm_spec_set_device() - set the device that the buffer is attached to
 * @spec: the request
 * @text: BUS/NAME; empty: none
 * @len:  its length, bytes
 *
 * Not a key of kshm_spec_set(), which buffers= has, too: there a / ends a value,
 * and most drivers are not bound when the module is loaded at boot.
 *
 * Context: any.
 * Return: 0; -EINVAL for anything else.
 */
int kshm_spec_set_device(struct kshm_spec *spec, const char *text, size_t len)
{
	const char *slash = memchr(text, '/', len);
	size_t i;

	if (len >= sizeof(spec->attach))
		return -EINVAL;
	if (len && (!slash || slash == text || slash == text + len - 1 ||
		    memchr(slash + 1, '/', text + len - slash - 1)))
		return -EINVAL;
	for (i = 0; i < len; i++) {
		if (!isascii(text[i]) || !isgraph(text[i]))
			return -EINVAL;
	}
	memcpy(spec->attach, text, len);
	spec->attach[len] = '\0';
	return 0;
}

static int kshm_use_node(struct kshm_mem_spec *mem, u64 node)
{
	if (node > INT_MAX)
		return -ERANGE;
	if (node >= MAX_NUMNODES || !node_state(node, N_MEMORY))
		return -EINVAL;
	mem->node = node;
	return 0;
}

static int kshm_set_node(struct kshm_mem_spec *mem, const char *text,
			 size_t len)
{
	u64 node;
	int err;

	if (len == 2 && !strncmp(text, "-1", len)) {
		mem->node = NUMA_NO_NODE;
		return 0;
	}
	err = kshm_parse_number(text, len, &node);
	return err ? err : kshm_use_node(mem, node);
}

static int kshm_use_addr_bits(struct kshm_mem_spec *mem, u64 bits)
{
	if (bits > UINT_MAX)
		return -ERANGE;
	if (bits && (bits < 24 || bits > 64))
		return -EINVAL;
	mem->addr_bits = bits;
	return 0;
}

static int kshm_set_addr_bits(struct kshm_mem_spec *mem, const char *text,
			      size_t len)
{
	u64 bits;
	int err;

	err = kshm_parse_number(text, len, &bits);
	return err ? err : kshm_use_addr_bits(mem, bits);
}

static int kshm_use_align(struct kshm_mem_spec *mem, u64 align)
{
	if (align && !is_power_of_2(align))
		return -EINVAL;
	/* is_power_of_2() takes a long, which may be shorter. */
	if (align != (unsigned long)align)
		return -ERANGE;
	mem->align = align;
	return 0;
}

static int kshm_set_align(struct kshm_mem_spec *mem, const char *text,
			  size_t len)
{
	u64 align;
	int err;

	err = kshm_parse_bytes(text, len, &align);
	return err ? err : kshm_use_align(mem, align);
}

static int kshm_set_addr_min(struct kshm_mem_spec *mem, const char *text,
			     size_t len)
{
	return kshm_parse_bytes(text, len, &mem->addr_min);
}

static int kshm_set_addr_max(struct kshm_mem_spec *mem, const char *text,
			     size_t len)
{
	return kshm_parse_bytes(text, len, &mem->addr_max);
}

/**
 * kshm_cache_name() - the name of a cache mode
 * @cache: KSHM_CACHE_*
 *
 * Context: any.
 * Return: the name; NULL for a number that is none.
 */
const char *kshm_cache_name(u32 cache)
{
	switch (cache) {
	case KSHM_CACHE_WB:
		return "wb";
	case KSHM_CACHE_WC:
		return "wc";
	case KSHM_CACHE_UC:
		return "uc";
	}
	return NULL;
}

static int kshm_set_cache(struct kshm_mem_spec *mem, const char *text,
			  size_t len)
{
	const char *name;
	u32 cache;

	for (cache = 0; (name = kshm_cache_name(cache)); cache++) {
		if (len == strlen(name) && !strncmp(text, name, len)) {
			mem->cache = cache;
			return 0;
		}
	}
	return -EINVAL;
}

static int kshm_set_keep(struct kshm_mem_spec *mem, const char *text,
			 size_t len)
{
	u64 keep;
	int err;

	err = kshm_parse_number(text, len, &keep);
	if (err)
		return err;
	if (keep > 1)
		return -EINVAL;
	mem->keep = keep;
	return 0;
}

/* Names that the kernel accepts, but only what can be printed. Empty: none. */
static int kshm_set_reserve_mem(struct kshm_mem_spec *mem, const char *text,
				size_t len)
{
	size_t i;

	if (len >= sizeof(mem->reserve_mem))
		return -EINVAL;
	for (i = 0; i < len; i++) {
		if (!isascii(text[i]) || !isprint(text[i]))
			return -EINVAL;
	}
	memcpy(mem->reserve_mem, text, len);
	mem->reserve_mem[len] = '\0';
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct kshm_mem_spec *mem, const char *text, size_t len);
} kshm_spec_keys[] = {
	{ "node", kshm_set_node },
	{ "addr_bits", kshm_set_addr_bits },
	{ "align", kshm_set_align },
	{ "addr_min", kshm_set_addr_min },
	{ "addr_max", kshm_set_addr_max },
	{ "cache", kshm_set_cache },
	{ "keep", kshm_set_keep },
	{ "reserve_mem", kshm_set_reserve_mem },
};

/**
 * kshm_spec_set() - set one of the other attributes
 * @spec: the request
 * @key:  name of the attribute, as in configfs
 * @text: the value; need not be terminated
 * @len:  its length, bytes
 *
 * Context: any.
 * Return: 0; -ENOENT for an unknown key; -EINVAL or -ERANGE for a bad value.
 */
int kshm_spec_set(struct kshm_spec *spec, const char *key, const char *text,
		  size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kshm_spec_keys); i++) {
		if (!strcmp(kshm_spec_keys[i].key, key))
			return kshm_spec_keys[i].set(&spec->mem, text, len);
	}
	return -ENOENT;
}

/**
 * kshm_spec_from_alloc() - take a request from the argument of an ioctl
 * @spec: result
 * @arg:  the argument
 *
 * Context: any.
 * Return: 0; -EINVAL or -ERANGE for a bad value. Success means that the request
 * is valid.
 */
int kshm_spec_from_alloc(struct kshm_spec *spec, const struct kshm_alloc *arg)
{
	struct kshm_mem_spec *mem = &spec->mem;
	const char *why;
	int err;

	kshm_spec_init(spec);
	if (!kshm_cache_name(arg->cache) || arg->node < -1)
		return -EINVAL;
	mem->addr_min = arg->addr_min;
	mem->addr_max = arg->addr_max;
	mem->cache = arg->cache;

	err = kshm_use_size(mem, arg->size);
	if (!err)
		err = kshm_use_align(mem, arg->align);
	if (!err)
		err = kshm_use_addr_bits(mem, arg->addr_bits);
	if (!err && arg->node >= 0)
		err = kshm_use_node(mem, arg->node);
	return err ? err : kshm_spec_validate(spec, &why);
}

/**
 * kshm_spec_validate() - whether the parts of a request go together
 * @spec: the request
 * @why:  on failure, what is wrong
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kshm_spec_validate(const struct kshm_spec *spec, const char **why)
{
	const struct kshm_mem_spec *mem = &spec->mem;
	bool reserved = mem->reserve_mem[0];

	if (!mem->size) {
		*why = "no size";
		return -EINVAL;
	}
	if (mem->has_phys && reserved) {
		*why = "a physical address excludes reserve_mem";
		return -EINVAL;
	}
	if ((mem->has_phys || reserved) &&
	    (mem->node != NUMA_NO_NODE || mem->addr_bits || mem->align ||
	     mem->addr_min || mem->addr_max)) {
		*why = "an address or reserve_mem excludes node, addr_bits, align and addr_min/max";
		return -EINVAL;
	}
	if (mem->keep && !mem->has_phys && !reserved) {
		*why = "keep needs a physical address or reserve_mem";
		return -EINVAL;
	}
	if (mem->addr_max && (mem->addr_max < mem->addr_min ||
			      mem->addr_max - mem->addr_min <
			      PAGE_ALIGN(mem->size) - 1)) {
		*why = "addr_min to addr_max is smaller than the size";
		return -EINVAL;
	}
	return 0;
}

static const char kshm_bad_key[] =
	"unknown key; node, addr_bits, align, addr_min, addr_max, cache, keep, reserve_mem";

/* Read KEY=VALUE, which ends at @end. */
static int kshm_parse_key(const char *text, const char *end,
			  struct kshm_spec *spec, const char **why)
{
	const char *value = memchr(text, '=', end - text);
	char key[KSHM_KEY_SIZE];
	int err = -ENOENT;

	if (value && value - text < sizeof(key)) {
		memcpy(key, text, value - text);
		key[value - text] = '\0';
		err = kshm_spec_set(spec, key, value + 1, end - value - 1);
		/* Only configfs resets an attribute by an empty line. */
		if (!err && value + 1 == end)
			err = -EINVAL;
	}
	if (err == -ENOENT)
		*why = kshm_bad_key;
	else if (err)
		*why = "bad value of a key; see kshm(4)";
	return err ? -EINVAL : 0;
}

/* The end of the part that starts at @text: the next @c, or @end. */
static const char *kshm_part_end(const char *text, const char *end, char c)
{
	const char *next = memchr(text, c, end - text);

	return next ? next : end;
}

/**
 * kshm_spec_parse() - read a whole request
 * @spec:  result
 * @entry: [NAME:]SIZE[@PHYS][/KEY=VALUE...]; need not be terminated
 * @len:   its length, bytes
 * @why:   on failure, what is wrong
 *
 * Context: any.
 * Return: 0 or -EINVAL. Success means that the request is valid.
 */
int kshm_spec_parse(struct kshm_spec *spec, const char *entry, size_t len,
		    const char **why)
{
	const char *end = entry + len, *size = entry, *keys, *key, *next, *at;
	const char *colon;

	kshm_spec_init(spec);

	keys = kshm_part_end(entry, end, '/');
	colon = memchr(entry, ':', keys - entry);
	if (colon) {
		*why = "bad name; 1 to 31 of A-Z a-z 0-9 _ . -, and not kshmN";
		if (kshm_spec_set_name(spec, entry, colon - entry))
			return -EINVAL;
		size = colon + 1;
	}

	at = kshm_part_end(size, keys, '@');
	if (at < keys) {
		*why = "bad address; @PHYS is a page-aligned physical address such as 0x30000000";
		if (at + 1 == keys ||
		    kshm_spec_set_phys(spec, at + 1, keys - at - 1))
			return -EINVAL;
	}

	*why = "bad size; a number above 0 with or without K, M or G";
	if (kshm_spec_set_size(spec, size, at - size))
		return -EINVAL;

	for (key = keys; key < end; key = next) {
		next = kshm_part_end(key + 1, end, '/');
		if (kshm_parse_key(key + 1, next, spec, why))
			return -EINVAL;
	}
	return kshm_spec_validate(spec, why);
}
