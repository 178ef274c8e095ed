/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What src/spec.c and src/param.c take from the kernel, for a program. The
 * functions do what the kernel's do, also with text that is not ASCII.
 */
#ifndef SHIM_H
#define SHIM_H

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

typedef uint64_t u64;
typedef uint32_t u32;
typedef u64 phys_addr_t;
struct list_head { struct list_head *next, *prev; };
struct device { int id; };
struct attribute_group;

#define vm_fault_t		unsigned int
#define pgprot_t		unsigned long
#define PAGE_SIZE		4096UL
#define PAGE_ALIGN(n)		(((n) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))
#define offset_in_page(p)	((unsigned long)(p) & (PAGE_SIZE - 1))
#define S64_MAX			INT64_MAX
#define U64_MAX			UINT64_MAX
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
/* The type is always size_t. */
#define min_t(t, a, b)		((t)min_size(a, b))

/* A machine where the nodes 0 and 2 have memory. */
#define NUMA_NO_NODE		(-1)
#define MAX_NUMNODES		64
#define N_MEMORY		0

static inline bool node_state(int node, int state)
{
	return state == N_MEMORY && (node == 0 || node == 2);
}

static inline size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
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

static inline bool isgraph(int c)
{
	return c > ' ' && c < 0x7f;
}

static inline bool isprint(int c)
{
	unsigned char u = c;

	return (u >= ' ' && u <= '~') || u >= 0xa0;
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
