/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the test programs share to look at the module, the devices and /proc.
 * To be included first.
 */
#ifndef GUEST_H
#define GUEST_H

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/kshm.h>

#include "tap.h"

#define KIB	1024ULL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)
#define PAGE	4096ULL
#define HUGE	(2 * MIB)

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* The running kernel as 100 * major + minor: 6.12 is 612. */
static inline int kernel(void)
{
	struct utsname u;
	int major, minor;

	if (uname(&u) || sscanf(u.release, "%d.%d", &major, &minor) != 2)
		bail("uname");
	return 100 * major + minor;
}

static inline int module_load(const char *params)
{
	int fd = open("/t/kshm.ko", O_RDONLY | O_CLOEXEC);
	int ret, err;

	if (fd < 0)
		return -1;
	ret = syscall(SYS_finit_module, fd, params, 0);
	err = errno;
	close(fd);
	errno = err;
	return ret;
}

static inline int module_unload(void)
{
	return syscall(SYS_delete_module, "kshm", O_NONBLOCK);
}

static inline int xopen(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		bail("open %s", path);
	return fd;
}

static inline struct kshm_info info(int fd)
{
	struct kshm_info i = { .struct_size = sizeof(i) };

	if (ioctl(fd, KSHM_IOC_INFO, &i))
		bail("KSHM_IOC_INFO");
	return i;
}

static inline void *map(int fd, size_t len, off_t off)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, off);

	if (p == MAP_FAILED)
		bail("mmap %zu bytes at %lld", len, (long long)off);
	return p;
}

/* Anonymous memory. */
static inline void *anon(size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		bail("anonymous mmap");
	return p;
}

/* The text of a small file, with its newline; static storage. */
static inline char *slurp(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		bail("open %s", path);
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		bail("read %s", path);
	close(fd);
	text[n] = '\0';
	return text;
}

/* A sysfs attribute of kshmN without its newline; static storage. */
static inline char *attr(int minor, const char *name)
{
	char path[128], *text;
	size_t n;

	snprintf(path, sizeof(path), "/sys/class/kshm/kshm%d/%s", minor, name);
	text = slurp(path);
	n = strlen(text);
	if (!n || text[n - 1] != '\n') {
		ok(false, "%s ends in a newline", path);
		return text;
	}
	text[n - 1] = '\0';
	return text;
}

/* How many devices there are, -1 without the module. */
static inline int devices(void)
{
	DIR *d = opendir("/sys/class/kshm");
	int n = 0;

	if (!d)
		return -1;
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

/* The physical addresses that pages are mapped to, 0 where they are not. */
static inline void phys_pages(const void *addr, size_t pages, __u64 *phys)
{
	int fd = xopen("/proc/self/pagemap", O_RDONLY);
	size_t i;

	if (pread(fd, phys, 8 * pages, (uintptr_t)addr / PAGE * 8) !=
	    (ssize_t)(8 * pages))
		bail("pagemap");
	close(fd);
	for (i = 0; i < pages; i++)
		phys[i] = phys[i] >> 63 ?
			(phys[i] & ((1ULL << 55) - 1)) * PAGE : 0;
}

static inline __u64 phys_page(const void *addr)
{
	__u64 phys;

	phys_pages(addr, 1, &phys);
	return phys;
}

/* Whether each page of a range is mapped, to one contiguous range at base. */
static inline bool contiguous(const void *addr, size_t len, __u64 base)
{
	static __u64 phys[2048];
	size_t i;

	if (len / PAGE > ARRAY_SIZE(phys))
		bail("too large to look at");
	phys_pages(addr, len / PAGE, phys);
	for (i = 0; i < len / PAGE; i++)
		if (phys[i] != base + i * PAGE)
			return false;
	return true;
}

static inline void touch(const void *addr, size_t len)
{
	const char *p = addr;
	size_t i;

	for (i = 0; i < len; i += PAGE)
		(void)__atomic_load_n(p + i, __ATOMIC_RELAXED);
}

/*
 * A figure of /proc/self/smaps in bytes, summed over the mappings that begin
 * in a range; -1 when there is none.
 */
static inline long long smaps_sum(const void *addr, size_t len, const char *field)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long start, end, kb;
	long long sum = -1;
	bool inside = false;
	char line[512];
	size_t n = strlen(field);

	if (!f)
		bail("/proc/self/smaps");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2) {
			inside = start >= (uintptr_t)addr &&
				 start < (uintptr_t)addr + len;
		} else if (inside && !strncmp(line, field, n) &&
			   line[n] == ':' &&
			   sscanf(line + n + 1, "%lu", &kb) == 1) {
			sum = (sum < 0 ? 0 : sum) + (long long)kb * 1024;
		}
	}
	fclose(f);
	return sum;
}

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

/* A child's exit status, 256 and more when a signal ended it. */
static inline int child_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

#endif /* GUEST_H */
