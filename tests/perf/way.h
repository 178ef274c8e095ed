/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways for programs to have memory, side by side. */
#ifndef WAY_H
#define WAY_H

#include <stdbool.h>
#include <stddef.h>

struct area {
	size_t size;
	int fd;
	void *map;
};

/**
 * struct way - a way to have memory
 * @name:  as in the results
 * @take:  get @size bytes; false with errno set when they cannot be had
 * @fill:  make them present; NULL where take() has done so
 * @map:   map all of it; false with errno set
 * @drop:  give them back; the mapping is gone
 * @holds: the memory outlives the mapping
 */
struct way {
	const char *name;
	bool (*take)(struct area *area);
	bool (*fill)(struct area *area);
	bool (*map)(struct area *area);
	void (*drop)(struct area *area);
	bool holds;
};

extern const struct way ways[];

const struct way *find_way(const char *name);
void unmap(struct area *area);

#endif
