/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers in configfs: /sys/kernel/config/kshm. */
#ifndef KSHMCTL_CONFIG_H
#define KSHMCTL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_DIR "/sys/kernel/config/kshm"

/* The files that describe a request. */
enum config_attr {
	ATTR_SIZE,
	ATTR_NODE,
	ATTR_ADDR_BITS,
	ATTR_ALIGN,
	ATTR_ADDR_MIN,
	ATTR_ADDR_MAX,
	ATTR_PHYS_ADDR,
	ATTR_RESERVE_MEM,
	ATTR_CACHE,
	ATTR_KEEP,
	ATTR_DEVICE,
	NATTRS
};

/**
 * struct config_attr_info - a file that describes a request
 * @name: its name, which is the key in buffers.conf, too
 * @option: the option of create
 * @initial: its value in a new directory
 * @rule: which values are allowed
 * @number: whether K, M, G and T are allowed
 */
struct config_attr_info {
	const char *name;
	const char *option;
	const char *initial;
	const char *rule;
	bool number;
};

extern const struct config_attr_info config_attrs[NATTRS];

/**
 * struct request - a buffer to be created
 * @name: its name
 * @value: of each attribute, NULL if it is not given
 */
struct request {
	const char *name;
	char *value[NATTRS];
};

/* Whether there is a directory of this name, live or not. */
bool config_has(const char *name);

/* Unless configfs can be used, say why not, and end the program. */
void require_config(void);

/*
 * Create a buffer. Returns true and the name of its device, or says what is wrong
 * and what would work, each message after @where, and leaves nothing behind.
 */
bool config_create(const struct request *req, const char *where, char *device, size_t len);

/* Remove a buffer. Says what is wrong. */
bool config_remove(const char *name);

/*
 * Remove the directory when a signal such as SIGINT ends the program, until the
 * next call; NULL: do not.
 */
void config_guard(const char *name);

/* A file of a directory: as file_read() and file_write(). */
int config_read(const char *name, const char *attr, char *text, size_t len);
int config_write(const char *name, const char *attr, const char *text);

/* Names of all directories, sorted. */
size_t config_names(char ***names);

/* Wait until the node of a new buffer can be used: udev gives it to its group. */
void config_wait_node(const char *name, const char *device);

#endif /* KSHMCTL_CONFIG_H */
