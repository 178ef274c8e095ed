// SPDX-License-Identifier: GPL-2.0-only
/* New programs from old ones. */
#include "fuzz.h"

#include <sys/random.h>

#define POOL	1024

/* Values that the module compared something with. */
static __u64 pool[POOL];
static unsigned int nr_pool;

static __u64 rnd_state = 88172645463325252;

/**
 * rnd_seed() - take a seed from the kernel
 */
void rnd_seed(void)
{
	if (getrandom(&rnd_state, sizeof(rnd_state), 0) < 0 || !rnd_state)
		bail("getrandom");
}

static __u64 rnd64(void)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 7;
	rnd_state ^= rnd_state << 17;
	return rnd_state;
}

/**
 * rnd() - get a random number below @n
 * @n: above 0
 */
__u32 rnd(__u32 n)
{
	return (rnd64() >> 32) * n >> 32;
}

/**
 * remember_compared() - keep compared values, to try them in programs
 * @c: the values
 */
void remember_compared(const struct compared *c)
{
	pool[nr_pool++ % POOL] = c->a;
	pool[nr_pool++ % POOL] = c->b;
}

/* Replace @len bytes at @pos by @n bytes if there is room. */
static void splice_bytes(struct program *p, unsigned int pos, unsigned int len,
			 const __u8 *bytes, unsigned int n)
{
	unsigned int rest = p->len - pos - len;

	if (p->len - len + n > PROGRAM_MAX)
		return;
	memmove(p->bytes + pos + n, p->bytes + pos + len, rest);
	memcpy(p->bytes + pos, bytes, n);
	p->len = pos + n + rest;
}

static __u64 interesting(void)
{
	const __u64 base[] = {
		0, 1, PAGE, 64 * KIB, HUGE, 3 * MIB, 5 * MIB, 4 * GIB,
		1ULL << 63, ~0ULL, RESERVED_PHYS, KSHM_IOC_INFO,
	};
	unsigned int pooled = nr_pool < POOL ? nr_pool : POOL;

	switch (rnd(5)) {
	case 0:
		return rnd64();
	case 1:
		return rnd(16);
	case 2:
	case 3:
		if (pooled)
			return pool[rnd(pooled)] + rnd(3) - 1;
		break;
	}
	return base[rnd(ARRAY_SIZE(base))] + (rnd(2) ? rnd(3) - 1 : 0);
}

static unsigned int make_text(__u8 *to)
{
	static const char chars[] = " 0123456789KMGkx:@,.-_abfn\n";
	unsigned int n = rnd(6), len = 0;

	while (n--) {
		if (rnd(3)) {
			to[len++] = 0x80 + rnd(0x80);
			len += encode_value(to + len, rnd(4) ? rnd(64) :
					    interesting());
		} else {
			to[len++] = chars[rnd(sizeof(chars) - 1)];
		}
	}
	to[len++] = 0;
	return len;
}

/* Write a random call, mostly a useful one. Returns its length. */
static unsigned int make_call(__u8 *to)
{
	unsigned int op = rnd(nr_call_types), i, len = 1;
	const struct call_type *type = &call_table[op];

	to[0] = op;
	for (i = 0; i < type->values; i++) {
		if (rnd(2))
			to[len++] = rnd(4);
		else
			len += encode_value(to + len, interesting());
	}
	if (type->text)
		len += make_text(to + len);
	return len;
}

static unsigned int some_boundary(const struct program *p,
				  const struct decoded *d)
{
	unsigned int i = rnd(d->nr_calls + 1);

	return i < d->nr_calls ? d->calls[i].start : p->len;
}

static void insert_call(struct program *p, const struct decoded *d)
{
	__u8 bytes[256];
	unsigned int n = make_call(bytes);

	splice_bytes(p, some_boundary(p, d), 0, bytes, n);
}

/* Remove a call or duplicate it. */
static void change_calls(struct program *p, const struct decoded *d)
{
	const struct call *call;
	struct program old = *p;

	if (!d->nr_calls)
		return;
	call = &d->calls[rnd(d->nr_calls)];
	if (call->end > p->len)
		return;
	if (rnd(2))
		splice_bytes(p, call->start, call->end - call->start, NULL, 0);
	else
		splice_bytes(p, some_boundary(p, d), 0, old.bytes + call->start,
			     call->end - call->start);
}

static void change_operand(struct program *p, const struct decoded *d)
{
	const struct operand *o;
	__u8 bytes[9];

	if (!d->nr_operands)
		return;
	o = &d->operands[rnd(d->nr_operands)];
	if (o->text) {
		p->bytes[o->pos] = rnd(4) ? 1 + rnd(0x7f) : rnd(256);
		return;
	}
	splice_bytes(p, o->pos, o->len, bytes,
		     encode_value(bytes, rnd(3) ? interesting() :
				  o->value + rnd(3) - 1));
}

static void change_byte(struct program *p)
{
	if (!p->len)
		return;
	if (rnd(2))
		p->bytes[rnd(p->len)] ^= 1 << rnd(8);
	else
		p->bytes[rnd(p->len)] = rnd(256);
}

/* Combine the first calls of this program with the last ones of another. */
static void cross(struct program *p, const struct decoded *d)
{
	const struct program *q = corpus_pick();
	struct decoded other;
	unsigned int cut = some_boundary(p, d), from;

	decode(q, &other);
	from = some_boundary(q, &other);
	p->len = cut;
	splice_bytes(p, cut, 0, q->bytes + from, q->len - from);
}

static void change(struct program *p)
{
	unsigned int n = 1 + rnd(4);
	struct decoded d;

	while (n--) {
		decode(p, &d);
		switch (rnd(10)) {
		case 0 ... 2:
			insert_call(p, &d);
			break;
		case 3:
			change_calls(p, &d);
			break;
		case 4 ... 6:
			change_operand(p, &d);
			break;
		case 7:
			change_byte(p);
			break;
		case 8 ... 9:
			cross(p, &d);
			break;
		}
	}
	/* Bytes that are not decoded are of no use. */
	decode(p, &d);
	if (d.nr_calls)
		p->len = d.calls[d.nr_calls - 1].end;
}

static unsigned int count_calls(const struct decoded *d, unsigned int op)
{
	unsigned int i, n = 0;

	for (i = 0; i < d->nr_calls; i++)
		n += d->calls[i].op == op;
	return n;
}

/* The number of slow calls may grow only once in a number of times. */
static bool affordable(const struct program *p, const struct decoded *old)
{
	struct decoded d;
	unsigned int op;

	decode(p, &d);
	for (op = 0; op < nr_call_types; op++)
		if (call_table[op].rare &&
		    count_calls(&d, op) > count_calls(old, op) &&
		    rnd(call_table[op].rare))
			return false;
	return true;
}

/**
 * mutate() - change a program
 * @p: the program
 */
void mutate(struct program *p)
{
	const struct program old = *p;
	struct decoded d;

	decode(&old, &d);
	do {
		*p = old;
		change(p);
	} while (!affordable(p, &d));
}

/**
 * replace_operand() - replace an operand by the value it was compared with
 * @p: the program
 * @o: an operand of it
 * @c: the module compared @c->a, which may be from the operand, with @c->b
 *
 * Return: whether the operand contains @c->a, in bytes or in pages.
 */
bool replace_operand(struct program *p, const struct operand *o,
		     const struct compared *c)
{
	__u64 mask = c->size == 8 ? ~0ULL : (1ULL << 8 * c->size) - 1, value;
	__u8 bytes[9];

	if (o->text) {
		if (o->value != c->a || c->b > 0x7f || !c->b)
			return false;
		p->bytes[o->pos] = c->b;
		return true;
	}
	if ((o->value & mask) == (c->a & mask))
		value = (o->value & ~mask) | (c->b & mask);
	else if (c->a && (o->value + PAGE - 1) / PAGE == c->a)
		value = c->b * PAGE;
	else
		return false;
	splice_bytes(p, o->pos, o->len, bytes, encode_value(bytes, value));
	return true;
}
