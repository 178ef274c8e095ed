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

		err = kshm_spec_parse(&specs[i], entry, len, &why);
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
