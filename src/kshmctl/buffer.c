// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live buffers, as /sys/class/kshm shows them.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "buffer.h"
#include "config.h"
#include "errors.h"
#include "util.h"

#define CLASS "/sys/class/kshm"

/* Whether @text is kshm and a number, as the name of a device is. */
static bool is_device(const char *text, unsigned int *number)
{
	char *end;

	if (strncmp(text, "kshm", 4) || text[4] < '0' || text[4] > '9')
		return false;
	*number = strtoul(text + 4, &end, 10);
	return !*end && strlen(text) < sizeof(((struct buffer *)NULL)->device);
}

/* One file of a device. */
static int attribute(const char *device, const char *name, char *text, size_t len)
{
	char *path = xasprintf(CLASS "/%s/%s", device, name);
	int error = file_read(path, text, len);

	free(path);
	return error;
}

static int number_of(const char *device, const char *name, long long *value)
{
	char text[32], *end;
	int error = attribute(device, name, text, sizeof(text));

	if (error)
		return error;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return errno || end == text ? -EINVAL : 0;
}

static int device_number(const char *device, dev_t *dev)
{
	unsigned int major, minor;
	char text[32];
	int error = attribute(device, "dev", text, sizeof(text));

	if (error)
		return error;
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -EINVAL;
	*dev = makedev(major, minor);
	return 0;
}

/* Fails when the device goes away meanwhile. */
static int buffer_read(const char *device, struct buffer *buf)
{
	long long size, folio_size, node, openers, mappings, events;
	int error;

	memset(buf, 0, sizeof(*buf));
	if (!is_device(device, &buf->number))
		return -EINVAL;
	strcpy(buf->device, device);
	error = attribute(device, "name", buf->name, sizeof(buf->name));
	error = error ?: attribute(device, "backing", buf->backing, sizeof(buf->backing));
	error = error ?: attribute(device, "cache", buf->cache, sizeof(buf->cache));
	error = error ?: number_of(device, "size", &size);
	error = error ?: number_of(device, "folio_size", &folio_size);
	error = error ?: number_of(device, "node", &node);
	error = error ?: number_of(device, "openers", &openers);
	error = error ?: number_of(device, "mappings", &mappings);
	error = error ?: number_of(device, "events", &events);
	error = error ?: device_number(device, &buf->dev);
	if (error)
		return error;
	attribute(device, "phys_addr", buf->phys_addr, sizeof(buf->phys_addr));
	attribute(device, "device", buf->attached, sizeof(buf->attached));
	attribute(device, "source", buf->source, sizeof(buf->source));
	attribute(device, "dma_addr", buf->dma_addr, sizeof(buf->dma_addr));
	buf->size = size;
	buf->folio_size = folio_size;
	buf->node = node;
	buf->openers = openers;
	buf->mappings = mappings;
	buf->events = events;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct buffer *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

size_t buffers_read(struct buffer **list)
{
	struct buffer *all = NULL;
	size_t n = 0, room = 0;
	struct dirent *entry;
	unsigned int number;
	DIR *dir;

	require_module();
	dir = opendir(CLASS);
	if (!dir)
		err(EXIT_FAILURE, "%s", CLASS);
	while ((entry = readdir(dir))) {
		if (!is_device(entry->d_name, &number))
			continue;
		if (n == room) {
			room += 64;
			all = xrealloc(all, room, sizeof(*all));
		}
		if (!buffer_read(entry->d_name, &all[n]))
			n++;
	}
	closedir(dir);
	if (n)
		qsort(all, n, sizeof(*all), by_number);
	*list = all;
	return n;
}

/* By the device number of a node, wherever it is. */
static bool find_node(const char *path, struct buffer *buf)
{
	struct buffer *all;
	struct stat st;
	bool found = false;
	size_t n;

	if (stat(path, &st)) {
		warn("%s", path);
		if (errno == ENOENT)
			advise("see 'kshmctl list' for the buffers that there are");
		return false;
	}
	if (!S_ISCHR(st.st_mode)) {
		warnx("%s: not a device of kshm", path);
		return false;
	}
	n = buffers_read(&all);
	while (n && !found) {
		found = all[--n].dev == st.st_rdev;
		*buf = all[n];
	}
	free(all);
	if (!found)
		warnx("%s: not a device of kshm, or it was removed", path);
	return found;
}

bool buffer_find(const char *arg, struct buffer *buf)
{
	struct buffer *all;
	unsigned int number;
	bool found = false;
	size_t n;

	require_module();
	if (strchr(arg, '/'))
		return find_node(arg, buf);
	if (is_device(arg, &number) && !buffer_read(arg, buf))
		return true;
	n = buffers_read(&all);
	while (n && !found) {
		found = !strcmp(all[--n].name, arg);
		*buf = all[n];
	}
	free(all);
	if (found)
		return true;
	if (config_has(arg)) {
		warnx("%s: the buffer has a directory in configfs, but is not live", arg);
		advise("'kshmctl destroy %s' removes the directory", arg);
	} else {
		warnx("%s: there is no such buffer", arg);
		advise("see 'kshmctl list' for the buffers that there are");
	}
	return false;
}

char *buffer_path(const char *arg, const struct buffer *buf)
{
	if (strchr(arg, '/'))
		return xstrdup(arg);
	return xasprintf("/dev/%s", buf->device);
}

int buffer_open(const char *arg, int flags, struct buffer *buf)
{
	char *path;
	int fd;

	if (!buffer_find(arg, buf))
		return -1;
	path = buffer_path(arg, buf);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		explain_open(path, errno);
	free(path);
	return fd;
}
