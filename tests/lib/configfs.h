/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers at run time. */
#ifndef CONFIGFS_H
#define CONFIGFS_H

#include "base.h"

#define CONFIGFS	"/sys/kernel/config/kshm"

/* Write to an attribute of a directory. False, with errno. */
static inline bool configfs_try(const char *name, const char *attr,
				const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), CONFIGFS "/%s/%s", name, attr);
	return try_put(path, value);
}

static inline void configfs_set(const char *name, const char *attr,
				const char *value)
{
	if (!configfs_try(name, attr, value))
		bail("write '%s' to %s/%s", value, name, attr);
}

/* A directory with a size, not live. */
static inline void buffer_prepare(const char *name, size_t size)
{
	char path[128], text[32];

	snprintf(path, sizeof(path), CONFIGFS "/%s", name);
	if (mkdir(path, 0700))
		bail("mkdir %s", path);
	snprintf(text, sizeof(text), "%zu", size);
	configfs_set(name, "size", text);
}

/* The number of a live directory's device. */
static inline int buffer_minor(const char *name)
{
	char path[128];
	int minor;

	snprintf(path, sizeof(path), CONFIGFS "/%s/dev_name", name);
	if (sscanf(slurp(path), "kshm%d", &minor) != 1)
		bail("%s is not live", name);
	return minor;
}

static inline int buffer_open(const char *name)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/kshm%d", buffer_minor(name));
	return xopen(path, O_RDWR);
}

/* A live buffer, open. */
static inline int buffer_make(const char *name, size_t size)
{
	buffer_prepare(name, size);
	configfs_set(name, "live", "1");
	return buffer_open(name);
}

static inline void buffer_drop(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), CONFIGFS "/%s", name);
	if (rmdir(path))
		bail("rmdir %s", path);
}

#endif /* CONFIGFS_H */
