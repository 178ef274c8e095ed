/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What src/param.c takes from the kernel, for a program. The functions do what
 * the kernel's do, with text that is not ASCII, too.
 */
#ifndef SHIM_H
#define SHIM_H

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef u64 phys_addr_t;
typedef struct { int counter; } atomic_t;
struct kref { int count; };
struct address_space;
struct file;

#define PAGE_SIZE		4096UL
#define U16_MAX			UINT16_MAX
#define S64_MAX			INT64_MAX
#define NUMA_NO_NODE		(-1)
#define offset_in_page(p)	((unsigned long)(p) & (PAGE_SIZE - 1))
/* The type is always size_t. */
#define min_t(t, a, b)		((t)min_size(a, b))

static inline size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* In the kernel, letters of Latin-1 count as letters. */
static inline bool isdigit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool isxdigit(int c)
{
	return isdigit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static inline bool isascii(int c)
{
	return !(c & ~0x7f);
}

static inline bool isalnum(int c)
{
	unsigned char u = c;

	return isdigit(u) || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
	       (u >= 0xc0 && u != 0xd7 && u != 0xf7);
}

static inline int tolower(int c)
{
	unsigned char u = c;

	return (u >= 'A' && u <= 'Z') ||
	       (u >= 0xc0 && u <= 0xde && u != 0xd7) ? u + 32 : u;
}

static inline int toupper(int c)
{
	unsigned char u = c;

	return (u >= 'a' && u <= 'z') ||
	       (u >= 0xe0 && u <= 0xfe && u != 0xf7) ? u - 32 : u;
}

int kstrtou64(const char *text, unsigned int base, u64 *value);
bool sysfs_streq(const char *a, const char *b);
void pr_err(const char *fmt, ...);

#endif /* SHIM_H */
