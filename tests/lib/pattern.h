/* SPDX-License-Identifier: GPL-2.0-only */
/* Contents of memory that a test can tell from all others. */
#ifndef PATTERN_H
#define PATTERN_H

#include "base.h"

/* A pattern in which every 8 bytes are different, and differ by seed. */
static inline __u64 word(__u64 seed, size_t i)
{
	return (seed + i + 1) * 0x9e3779b97f4a7c15ULL;
}

static inline void fill(void *p, size_t len, __u64 seed)
{
	__u64 *w = p;
	size_t i;

	for (i = 0; i < len / 8; i++)
		w[i] = word(seed, i);
}

static inline bool filled(const void *p, size_t len, __u64 seed)
{
	const __u64 *w = p;
	size_t i;

	for (i = 0; i < len / 8; i++)
		if (w[i] != word(seed, i))
			return false;
	return true;
}

/* Whether whole pages are zero. */
static inline bool zero(const char *p, size_t len)
{
	const __u64 *w = (const void *)p;
	__u64 any = 0;
	size_t i;

	for (i = 0; i < len / 8; i += 4)
		any |= w[i] | w[i + 1] | w[i + 2] | w[i + 3];
	return !any;
}

static inline bool all_bytes_are(const char *p, size_t len, char c)
{
	return !len || (*p == c && !memcmp(p, p + 1, len - 1));
}

/* Some pages of a buffer: one in each @step bytes, and the last one. */
struct marks {
	size_t step;
	size_t bytes;	/* that are filled of each page */
};

static inline size_t next_mark(struct marks m, size_t off, size_t len)
{
	size_t next = off + m.step, last = len - PAGE;

	return off == last || next < last ? next : last;
}

static inline void mark(struct marks m, char *p, size_t len, __u64 seed)
{
	size_t off;

	for (off = 0; off < len; off = next_mark(m, off, len))
		fill(p + off, m.bytes, seed + off);
}

static inline bool marked(struct marks m, const char *p, size_t len, __u64 seed)
{
	size_t off;

	for (off = 0; off < len; off = next_mark(m, off, len))
		if (!filled(p + off, m.bytes, seed + off))
			return false;
	return true;
}

#endif /* PATTERN_H */
