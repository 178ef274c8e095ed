/* SPDX-License-Identifier: GPL-2.0-only */
/* The live buffers, as /sys/class/kshm shows them. */
#ifndef KSHMCTL_BUFFER_H
#define KSHMCTL_BUFFER_H

#include <linux/kshm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct buffer - a live buffer
 * @number: N of kshmN
 * @device: kshmN
 * @name: the buffer's name
 * @backing: kind of memory
 * @cache: how the processor caches it
 * @phys_addr: as the file has it; empty if the user may not read it
 * @size: bytes
 * @folio_size: bytes that one page-table entry can map
 * @events: how often the doorbell was rung
 * @node: NUMA node
 * @openers: open files
 * @mappings: mappings
 * @dev: device number
 * @attached: the attached device, BUS/NAME; empty if there is none
 * @dma_addr: for that device; empty without one, or if the user may not read it
 * @source: who has made it, and removes it
 */
struct buffer {
	unsigned int number;
	char device[16];
	char name[KSHM_NAME_SIZE];
	char backing[16];
	char cache[8];
	char phys_addr[24];
	uint64_t size;
	uint64_t folio_size;
	uint64_t events;
	int node;
	unsigned int openers;
	unsigned int mappings;
	dev_t dev;
	char attached[128];
	char dma_addr[24];
	char source[16];
};

/* All buffers, by number. Ends the program when the module is not loaded. */
size_t buffers_read(struct buffer **list);

/*
 * The buffer that a user names by its node, device or name. Says what is wrong
 * and returns false if there is none.
 */
bool buffer_find(const char *arg, struct buffer *buf);

/* The same, then open its node. Returns a descriptor, or -1 after a message. */
int buffer_open(const char *arg, int flags, struct buffer *buf);

/* The path of the node: as it was given, or in /dev. */
char *buffer_path(const char *arg, const struct buffer *buf);

#endif /* KSHMCTL_BUFFER_H */
