/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices: open, map, INFO, and their files in sysfs. */
#ifndef DEVICE_H
#define DEVICE_H

#include <linux/kshm.h>

#include "base.h"

/*
 * For main() of a program whose only argument is a device: open it for reading
 * and writing. @size is the size of the buffer.
 */
static inline int device_open(int argc, char **argv, size_t *size)
{
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DEVICE\n", argv[0]);
		exit(2);
	}
	fd = xopen(argv[1], O_RDWR);
	*size = lseek(fd, 0, SEEK_END);
	diag("%s, %zu bytes, %zu-bit program", argv[1], *size,
	     8 * sizeof(long));
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

/* Whether a mapping has the bytes that read() returns, which does not use it. */
static inline bool same_as_file(int fd, const void *p, size_t len, size_t off)
{
	char *copy = anon(len);
	bool same;

	same = pread(fd, copy, len, off) == (ssize_t)len &&
	       !memcmp(p, copy, len);
	munmap(copy, len);
	return same;
}

/* The files of kshmN in sysfs; the first OWN_ATTRS are kshm's, not the driver core's. */
#define OWN_ATTRS	13
static const char * const device_attrs[] = {
	"phys_addr", "size", "name", "backing", "folio_size", "node", "cache",
	"openers", "mappings", "events", "dma_addr", "device", "source",
	"dev", "uevent",
};

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

#endif /* DEVICE_H */
