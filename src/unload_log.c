// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first bytes of a buffer, in the log, when the module goes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/printk.h>

#include "kshm.h"

#define KSHM_LOG_MAX	4096u	/* bytes of one buffer */
#define KSHM_LOG_LINE	128u	/* bytes in one line */

/* Writes 1 to 4 characters, returns how many. */
static int kshm_escape(char *out, unsigned char c)
{
	switch (c) {
	case '\n':
		return sprintf(out, "\\n");
	case '\t':
		return sprintf(out, "\\t");
	case '\\':
	case '"':
		return sprintf(out, "\\%c", c);
	}
	if (isascii(c) && isprint(c))
		return sprintf(out, "%c", c);
	return sprintf(out, "\\x%02x", c);
}

/**
 * kshm_unload_log() - log a buffer's first bytes as escaped strings
 * @minor: of the device
 * @buf:   the buffer
 * @bytes: how many at most; zeros at their end are left out
 *
 * Context: process; nothing has the buffer open.
 */
void kshm_unload_log(int minor, const struct kshm_buffer *buf,
		     unsigned int bytes)
{
	const unsigned char *text = buf->vaddr;
	char line[4 * KSHM_LOG_LINE + 1];
	unsigned int i, start;

	bytes = min_t(u64, min(bytes, KSHM_LOG_MAX), buf->size);
	while (bytes && !text[bytes - 1])
		bytes--;

	for (start = 0; start < bytes; start += KSHM_LOG_LINE) {
		char *out = line;

		for (i = start; i < min(start + KSHM_LOG_LINE, bytes); i++)
			out += kshm_escape(out, text[i]);
		pr_info("kshm%d: \"%s\"\n", minor, line);
	}
}
