// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module parameter buffers=[NAME:]SIZE[@PHYS][/KEY=VALUE...],...
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "device.h"
#include "param.h"
#include "spec.h"

/* Room for the longest key, and more. */
#define KSHM_KEY_SIZE	16

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

/* The text comes from root; what is not printable is escaped all the same. */
static void kshm_param_err(int index, const char *entry, const char *why)
{
	pr_err("buffers=: entry %d \"%*pE\": %s\n", index + 1,
	       (int)min_t(size_t, kshm_entry_len(entry), 64), entry, why);
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

static int kshm_parse_entry(const char *entry, size_t len,
			    struct kshm_spec *spec, const char **why)
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

/**
 * kshm_param_count() - number of entries in buffers=
 * @text: the parameter
 *
 * Context: any.
 * Return: the number, 0 for "none"; -ENOSPC when there are more than devices.
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
 * @specs: result
 * @count: what kshm_param_count() returned
 *
 * The first bad entry is named in the log.
 *
 * Context: any.
 * Return: 0; -EINVAL for a malformed entry or a name given twice. Not -EEXIST:
 * at load that means that the module is loaded already.
 */
int kshm_param_parse(const char *text, struct kshm_spec *specs, int count)
{
	const char *entry = text, *why;
	int i, j, err;

	for (i = 0; i < count; i++) {
		size_t len = kshm_entry_len(entry);

		err = kshm_parse_entry(entry, len, &specs[i], &why);
		if (err) {
			kshm_param_err(i, entry, why);
			return err;
		}
		for (j = 0; specs[i].name[0] && j < i; j++) {
			if (!strcmp(specs[j].name, specs[i].name)) {
				kshm_param_err(i, entry, "duplicate name");
				return -EINVAL;
			}
		}
		entry += len + 1;
	}
	return 0;
}

/**
 * kshm_param_report() - log which buffer could not be made
 * @text:  the parameter
 * @spec:  the entry
 * @index: its number
 * @err:   why, a negative errno
 *
 * Context: any.
 */
void kshm_param_report(const char *text, const struct kshm_spec *spec,
		       int index, int err)
{
	const char *why;

	/* mm/ has logged the rest. */
	if (spec->mem.reserve_mem[0] && err != -EPERM)
		err = 0;

	switch (err) {
	case -ENOMEM:
		why = "not enough contiguous memory";
		break;
	case -EBUSY:
		why = "this range is System RAM, a device or in use; see /proc/iomem";
		break;
	case -EINVAL:
		why = "no such physical range";
		break;
	case -EOPNOTSUPP:
		why = "this architecture has no such cache mode";
		break;
	case -EPERM:
		why = "the kernel is locked down, as with Secure Boot";
		break;
	default:
		why = "cannot be made";
	}
	kshm_param_err(index, kshm_nth_entry(text, index), why);
}
