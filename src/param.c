// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module parameter buffers=[NAME:]SIZE[@PHYS],... and its parts, which
 * configfs.c shares.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/numa.h>
#include <linux/string.h>

#include "kshm.h"

/* Longest number: 0x and 16 hex digits, or 20 decimal ones, with some zeros. */
#define KSHM_NUMBER_MAX	32

/* Rounding to pages must not leave what a file offset can say. */
#define KSHM_SIZE_MAX	((u64)S64_MAX - (PAGE_SIZE - 1))

/**
 * kshm_parse_number() - read a number such as 4096 or 0x1000
 * @text:  the number; need not end with a zero
 * @len:   its length, bytes
 * @value: result
 *
 * Context: any.
 * Return: 0, -EINVAL for anything else, -ERANGE when it does not fit in 64 bits.
 */
int kshm_parse_number(const char *text, size_t len, u64 *value)
{
	char digits[KSHM_NUMBER_MAX];
	bool hex = len > 2 && text[0] == '0' && tolower(text[1]) == 'x';
	size_t i;

	if (!len || len >= sizeof(digits) || !isdigit(text[0]))
		return -EINVAL;
	/* kstrtou64() would stop at a zero and take a newline. */
	for (i = hex ? 2 : 0; i < len; i++) {
		if (!isxdigit(text[i]))
			return -EINVAL;
	}
	memcpy(digits, text, len);
	digits[len] = '\0';
	/* No octal numbers: 010M is 10 MiB. */
	return kstrtou64(digits, hex ? 16 : 10, value);
}

/**
 * kshm_parse_size() - read a size such as 4096, 0x1000, 64K, 2M or 1G
 * @text: the size; need not end with a zero
 * @len:  its length, bytes
 * @size: result, bytes; not rounded
 *
 * Context: any.
 * Return: 0, -EINVAL for anything that is not a size above 0, -ERANGE when it
 * does not fit in 63 bits.
 */
int kshm_parse_size(const char *text, size_t len, u64 *size)
{
	unsigned int shift = 0;
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

	err = kshm_parse_number(text, len, size);
	if (err)
		return err;
	if (!*size)
		return -EINVAL;
	if (*size > KSHM_SIZE_MAX >> shift)
		return -ERANGE;
	*size <<= shift;
	return 0;
}

/* kshmN is what devices are called and buffers without a name of their own. */
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
 * kshm_check_name() - whether a buffer may be called so
 * @name: the name; need not end with a zero
 * @len:  its length, bytes
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int kshm_check_name(const char *name, size_t len)
{
	size_t i;

	if (!len || len >= KSHM_NAME_SIZE)
		return -EINVAL;
	for (i = 0; i < len; i++) {
		if (!name[i] || !isascii(name[i]) ||
		    (!isalnum(name[i]) && !strchr("_.-", name[i])))
			return -EINVAL;
	}
	if (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')))
		return -EINVAL;
	if (kshm_is_device_name(name, len))
		return -EINVAL;
	return 0;
}

/* The entry that starts at @text, without its comma. */
static size_t kshm_entry_len(const char *text)
{
	return strchrnul(text, ',') - text;
}

static const char *kshm_nth_entry(const char *text, int index)
{
	while (index--)
		text += kshm_entry_len(text) + 1;
	return text;
}

/* Names of a user go to the log only as far as they are printable. */
static void kshm_complain(int index, const char *entry, const char *why)
{
	pr_err("buffers=: entry %d \"%*pE\": %s\n", index + 1,
	       (int)min_t(size_t, kshm_entry_len(entry), 64), entry, why);
}

static int kshm_parse_entry(const char *entry, size_t len,
			    struct kshm_spec *spec, const char **why)
{
	const char *size = entry, *end = entry + len, *at;
	const char *colon = memchr(entry, ':', len);
	int err;

	spec->node = NUMA_NO_NODE;

	if (colon) {
		*why = "bad name; 1 to 31 of A-Z a-z 0-9 _ . -, and not kshmN";
		if (kshm_check_name(entry, colon - entry))
			return -EINVAL;
		memcpy(spec->name, entry, colon - entry);
		size = colon + 1;
	}

	at = memchr(size, '@', end - size);
	if (at) {
		u64 phys;

		*why = "bad address; @PHYS is a page-aligned physical address such as 0x30000000";
		err = kshm_parse_number(at + 1, end - at - 1, &phys);
		if (err)
			return -EINVAL;
		if (phys != (phys_addr_t)phys || offset_in_page(phys))
			return -EINVAL;
		spec->phys = phys;
		spec->at_phys = true;
		end = at;
	}

	*why = "bad size; a number above 0 with or without K, M or G";
	if (kshm_parse_size(size, end - size, &spec->size))
		return -EINVAL;
	return 0;
}

/**
 * kshm_param_count() - number of entries in buffers=
 * @text: the parameter
 *
 * Context: any.
 * Return: the number, 0 for "none", -ENOSPC when there are more than devices.
 */
int kshm_param_count(const char *text)
{
	int count = 1;

	if (sysfs_streq(text, "none"))
		return 0;
	for (; *text; text++) {
		if (*text == ',')
			count++;
	}
	if (count > KSHM_MAX_DEVICES) {
		pr_err("buffers=: %d entries; at most %d\n", count,
		       KSHM_MAX_DEVICES);
		return -ENOSPC;
	}
	return count;
}

/**
 * kshm_param_parse() - read buffers=
 * @text:  the parameter
 * @specs: result, zeroed by the caller
 * @count: what kshm_param_count() said
 *
 * The first bad entry is named in the log.
 *
 * Context: any.
 * Return: 0, -EINVAL for a malformed entry or a name given twice. Not -EEXIST,
 * which means at load that the module is there already.
 */
int kshm_param_parse(const char *text, struct kshm_spec *specs, int count)
{
	const char *entry = text, *why;
	int i, j, err;

	for (i = 0; i < count; i++) {
		size_t len = kshm_entry_len(entry);

		err = kshm_parse_entry(entry, len, &specs[i], &why);
		if (err) {
			kshm_complain(i, entry, why);
			return err;
		}
		for (j = 0; specs[i].name[0] && j < i; j++) {
			if (!strcmp(specs[j].name, specs[i].name)) {
				kshm_complain(i, entry, "this name is taken");
				return -EINVAL;
			}
		}
		entry += len + 1;
	}
	return 0;
}

/**
 * kshm_param_blame() - say in the log which entry could not be had
 * @text:  the parameter
 * @index: of the entry
 * @err:   why, a negative errno
 *
 * Context: any.
 */
void kshm_param_blame(const char *text, int index, int err)
{
	const char *why;

	switch (err) {
	case -ENOMEM:
		why = "not enough contiguous memory";
		break;
	case -EBUSY:
		why = "this range is System RAM or in use; see /proc/iomem";
		break;
	case -EINVAL:
		why = "no such physical range";
		break;
	case -EPERM:
		why = "the kernel is locked down, as with Secure Boot";
		break;
	default:
		why = "cannot be made";
	}
	kshm_complain(index, kshm_nth_entry(text, index), why);
}
