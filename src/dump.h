/* SPDX-License-Identifier: GPL-2.0-only */
/* The first bytes of a buffer in the kernel's log. */
#ifndef KSHM_DUMP_H
#define KSHM_DUMP_H

#include <linux/types.h>

struct kshm_memory;

/* The longest text that kshm_escape() writes, with its terminating zero. */
#define KSHM_ESCAPE_MAX	5

size_t kshm_escape(char *out, unsigned char c);
void kshm_dump(unsigned int minor, const struct kshm_memory *mem,
	       unsigned int bytes);

#endif /* KSHM_DUMP_H */
