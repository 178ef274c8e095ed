// SPDX-License-Identifier: GPL-2.0-only
/* Decode and encode programs. */
#include "base.h"

#include "program.h"

/* Fragments of texts. */
static const char * const fragments[] = {
	"%llu", "0x%llx", "%lluK", "%lluM", "%lluG", "%lld", "f%llu", "kshm%llu",
	"4K", "64K", "2M", "4100K", "1M@" RESERVED_TEXT, "@0x%llx", RESERVED_TEXT,
	"none", "a:", "b:", "name-%llu:", ",", "\n", "1", "0", "-1", "32", "y",
	"abcdefghijklmnopqrstuvwxyz01234",
	"/node=", "/addr_bits=", "/align=", "/addr_min=", "/addr_max=",
	"/keep=1", "/node=-1", "/addr_max=0x%llx", "/align=%lluK",
	"/reserve_mem=log", "log",
};

/* Position of decode(). */
struct cursor {
	const struct program *p;
	unsigned int pos;
	struct decoded *d;
};

static __u8 take_byte(struct cursor *c)
{
	unsigned int pos = c->pos++;

	return pos < c->p->len ? c->p->bytes[pos] : 0;
}

static __u64 take_bytes(struct cursor *c, unsigned int n)
{
	__u64 value = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		value |= (__u64)take_byte(c) << 8 * i;
	return value;
}

static void note_operand(struct cursor *c, unsigned int pos, __u64 value,
			 bool text)
{
	if (c->d->nr_operands == OPERANDS_MAX || c->pos > c->p->len)
		return;
	c->d->operands[c->d->nr_operands++] = (struct operand) {
		.pos = pos, .len = c->pos - pos, .value = value, .text = text,
	};
}

static __u64 take_value(struct cursor *c)
{
	unsigned int pos = c->pos;
	__u8 first = take_byte(c);
	__u64 value = first;

	if (first >= 0xfc)
		value = take_bytes(c, 8);
	else if (first >= 0xf8)
		value = take_bytes(c, 4);
	else if (first >= 0xf0)
		value = take_bytes(c, 2);
	else if (first >= 0xc0)
		value = -1 - (__u64)(first - 0xc0);
	else if (first >= 0x80)
		value = 1ULL << (first & 63);
	note_operand(c, pos, value, false);
	return value;
}

static void take_text(struct cursor *c, char *text)
{
	size_t len = 0, room = TEXT_MAX - 1;
	__u8 byte;

	while (len < room) {
		unsigned int pos = c->pos;

		byte = take_byte(c);
		if (!byte)
			break;
		if (byte < 0x80) {
			text[len++] = byte;
			note_operand(c, pos, byte, true);
			continue;
		}
		const char *f = fragments[(byte & 0x7f) % ARRAY_SIZE(fragments)];
		unsigned long long value = strchr(f, '%') ? take_value(c) : 0;
		char part[64];

		snprintf(part, sizeof(part), f, value);
		len += snprintf(text + len, room - len + 1, "%s", part);
		if (len > room)
			len = room;
	}
	text[len] = '\0';
}

/**
 * decode() - decode the calls of a program
 * @p: the program
 * @d: result
 *
 * Bytes after CALLS_MAX calls are ignored.
 */
void decode(const struct program *p, struct decoded *d)
{
	struct cursor c = { .p = p, .d = d };

	d->nr_calls = 0;
	d->nr_operands = 0;
	while (c.pos < p->len && d->nr_calls < CALLS_MAX) {
		struct call *call = &d->calls[d->nr_calls++];
		const struct call_type *type;
		unsigned int i;

		call->start = c.pos;
		call->op = take_byte(&c) % nr_call_types;
		type = &call_table[call->op];
		for (i = 0; i < type->values; i++)
			call->v[i] = take_value(&c);
		call->text[0] = '\0';
		if (type->text)
			take_text(&c, call->text);
		call->end = c.pos < p->len ? c.pos : p->len;
	}
}

/**
 * encode_value() - write a value as decode() reads it
 * @to:    room for 9 bytes
 * @value: the value
 *
 * Return: number of bytes.
 */
unsigned int encode_value(__u8 *to, __u64 value)
{
	unsigned int len, i;

	if (value < 0x80) {
		to[0] = value;
		return 1;
	}
	if (value < 0x10000) {
		to[0] = 0xf0;
		len = 2;
	} else if (value < 0x100000000) {
		to[0] = 0xf8;
		len = 4;
	} else {
		to[0] = 0xfc;
		len = 8;
	}
	for (i = 0; i < len; i++)
		to[1 + i] = value >> 8 * i;
	return 1 + len;
}

/**
 * show() - print the calls of a program
 * @d: the program, decoded
 */
void show(const struct decoded *d)
{
	unsigned int i, j, n;
	char line[1024];

	for (i = 0; i < d->nr_calls; i++) {
		const struct call *call = &d->calls[i];
		const struct call_type *type = &call_table[call->op];

		n = snprintf(line, sizeof(line), "%s", type->name);
		for (j = 0; j < type->values; j++)
			n += snprintf(line + n, sizeof(line) - n, " %#llx",
				      call->v[j]);
		if (type->text) {
			n += snprintf(line + n, sizeof(line) - n, " \"");
			for (j = 0; call->text[j]; j++) {
				unsigned char c = call->text[j];
				bool plain = c >= ' ' && c <= '~';

				n += snprintf(line + n, sizeof(line) - n,
					      plain ? "%c" : "\\x%02x", c);
			}
			snprintf(line + n, sizeof(line) - n, "\"");
		}
		diag("%u: %s", i, line);
	}
}
