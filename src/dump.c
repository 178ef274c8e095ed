// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first bytes of a buffer, in the log, when the module is unloaded.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/printk.h>

#include "dump.h"
#include "mm/memory.h"

#define KSHM_DUMP_MAX	4096u	/* bytes of one buffer */
#define KSHM_DUMP_LINE	128u	/* bytes in one line */

/**
 * kshm_escape() - write a byte as printable ASCII
 * @out: room for KSHM_ESCAPE_MAX bytes
 * @c:   the byte
 *
 * Not string_escape_mem(): it leaves Latin-1 and quotes as they are.
 *
 * Context: any.
 * Return: number of characters, 1 to 4.
 */
size_t kshm_escape(char *out, unsigned char c)
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

/* One line of @len bytes at @pos, or less where a memory error is. */
static size_t kshm_dump_line(unsigned int minor, const struct kshm_memory *mem,
			     u64 pos, size_t len)
{
	char line[4 * KSHM_DUMP_LINE + KSHM_ESCAPE_MAX];
	const char *text = mem->ops->kaddr(mem, pos, &len);
	char *out = line;
	size_t i;

	if (!text)
		return 0;
	for (i = 0; i < len; i++)
		out += kshm_escape(out, text[i]);
	pr_info("kshm%u: \"%s\"\n", minor, line);
	return len;
}

/* How many of the first @bytes bytes there are without zeros at the end. */
static size_t kshm_dump_len(const struct kshm_memory *mem, size_t bytes)
{
	size_t pos, len, end = 0;

	for (pos = 0; pos < bytes; pos += len) {
		const char *text;
		size_t i;

		len = bytes - pos;
		text = mem->ops->kaddr(mem, pos, &len);
		if (!text)
			break;
		for (i = 0; i < len; i++) {
			if (text[i])
				end = pos + i + 1;
		}
	}
	return end;
}

/**
 * kshm_dump() - log the first bytes of a buffer as escaped strings
 * @minor: of the device
 * @mem:   the buffer's memory
 * @bytes: at most this many, without zeros at the end
 *
 * Context: process; nobody has the buffer open.
 */
void kshm_dump(unsigned int minor, const struct kshm_memory *mem,
	       unsigned int bytes)
{
	size_t end = kshm_dump_len(mem, min_t(u64, min(bytes, KSHM_DUMP_MAX),
					      mem->size));
	size_t pos, len;

	for (pos = 0; pos < end; pos += len) {
		len = kshm_dump_line(minor, mem, pos,
				     min_t(size_t, end - pos, KSHM_DUMP_LINE));
		if (!len)
			break;
	}
}
