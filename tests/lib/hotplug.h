/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that goes on- and offline. After device.h. */
#ifndef HOTPLUG_H
#define HOTPLUG_H

#include "clock.h"

#define MEMORY		"/sys/devices/system/memory"
#define MAX_BLOCKS	512

/* The first word of a file; static storage; NULL when it cannot be read. */
static inline const char *first_word(const char *path)
{
	static char text[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	if (n < 0)
		return NULL;
	text[n] = '\0';
	for (n = 0; text[n] > ' '; n++)
		;
	text[n] = '\0';
	return text;
}

static inline bool block_is_online(int block)
{
	char path[128];
	const char *state;

	snprintf(path, sizeof(path), MEMORY "/memory%d/state", block);
	state = first_word(path);
	return state && !strcmp(state, "online");
}

/* Returns 0 or an errno. */
static inline int block_set(int block, const char *state)
{
	char path[128];
	int fd, err = 0;

	snprintf(path, sizeof(path), MEMORY "/memory%d/state", block);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (write(fd, state, strlen(state)) < 0)
		err = errno;
	close(fd);
	return err;
}

/* The numbers of the memory blocks that are online; returns how many. */
static inline int online_blocks(int *blocks)
{
	DIR *d = opendir(MEMORY);
	struct dirent *e;
	int n = 0, block;

	if (!d)
		return 0;
	while ((e = readdir(d)))
		if (sscanf(e->d_name, "memory%d", &block) == 1 &&
		    n < MAX_BLOCKS && block_is_online(block))
			blocks[n++] = block;
	closedir(d);
	return n;
}

/* A figure of /proc/meminfo in bytes. */
static inline long long memory_figure(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "re");
	size_t n = strlen(name);
	long long kib = -1;
	char line[128];

	if (!f)
		bail("cannot read how much memory there is");
	while (kib < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, n) && line[n] == ':')
			kib = atoll(line + n + 1);
	fclose(f);
	return kib < 0 ? -1 : kib * 1024;
}

#endif /* HOTPLUG_H */
