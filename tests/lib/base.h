/* SPDX-License-Identifier: GPL-2.0-only */
/* What all test programs share. To be included first. */
#ifndef BASE_H
#define BASE_H

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/types.h>

#include "ktap.h"

#define KIB	1024ULL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)

/* Sizes of the running machine. */
#define PAGE	page_size()
#define HUGE	huge_size()

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static inline int xopen(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		bail("open %s", path);
	return fd;
}

/* The text of a small file, with its newline; static storage. */
static inline char *slurp(const char *path)
{
	static char text[4096];
	int fd = xopen(path, O_RDONLY);
	ssize_t n;

	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		bail("read %s", path);
	close(fd);
	text[n] = '\0';
	return text;
}

/* Write a text to a file that exists. False, with errno. */
static inline bool try_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t ret;
	int err;

	if (fd < 0)
		return false;
	ret = write(fd, text, strlen(text));
	err = errno;
	close(fd);
	errno = err;
	return ret == (ssize_t)strlen(text);
}

/* The same, formatted. */
__printf(2, 3)
static inline bool try_putf(const char *path, const char *fmt, ...)
{
	char text[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return try_put(path, text);
}

static inline void put(const char *path, const char *text)
{
	if (!try_put(path, text))
		bail("write '%s' to %s", text, path);
}

static inline __u64 page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* Bytes that one huge page-table entry maps. */
static inline __u64 huge_size(void)
{
	static __u64 size;

	if (!size)
		size = strtoull(slurp("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"),
				NULL, 10);
	return size;
}

/* The first address from here on that suits a huge page-table entry. */
static inline char *huge_aligned(char *p)
{
	return p + (-(uintptr_t)p & (HUGE - 1));
}

/* Anonymous memory, private or shared with children. */
static inline void *anon_with(size_t len, int flags)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		bail("anonymous mmap");
	return p;
}

static inline void *anon(size_t len)
{
	return anon_with(len, MAP_PRIVATE);
}

static inline void *anon_shared(size_t len)
{
	return anon_with(len, MAP_SHARED);
}

/* A child's exit status, 256 and more when a signal ended it. */
static inline int child_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/* A flag that one thread or signal handler sets and others look at. */
static inline void stop(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_RELAXED);
}

static inline bool stopped(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

#endif /* BASE_H */
