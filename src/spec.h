/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request for a buffer. The module parameter, configfs and everything else
 * that makes buffers fill in this structure by the same functions.
 */
#ifndef KSHM_SPEC_H
#define KSHM_SPEC_H

#include <linux/types.h>

#include <uapi/linux/kshm.h>

#include "mm/memory.h"

struct device;

/* Room for BUS/NAME of a device and a terminating zero. */
#define KSHM_ATTACH_SIZE	96

/**
 * struct kshm_spec - a buffer that somebody asks for
 * @name:   its name; empty: the name of its device
 * @attach: the device to attach it to, as BUS/NAME; empty: none
 * @dev:    or that device itself, of which the caller holds the lock; NULL: none
 * @mem:    its memory
 */
struct kshm_spec {
	char name[KSHM_NAME_SIZE];
	char attach[KSHM_ATTACH_SIZE];
	struct device *dev;
	struct kshm_mem_spec mem;
};

void kshm_spec_init(struct kshm_spec *spec);
int kshm_spec_set_name(struct kshm_spec *spec, const char *text, size_t len);
int kshm_spec_set_size(struct kshm_spec *spec, const char *text, size_t len);
int kshm_spec_set_phys(struct kshm_spec *spec, const char *text, size_t len);
int kshm_spec_set_device(struct kshm_spec *spec, const char *text, size_t len);
int kshm_spec_set(struct kshm_spec *spec, const char *key, const char *text,
		  size_t len);
int kshm_spec_parse(struct kshm_spec *spec, const char *entry, size_t len,
		    const char **why);
int kshm_spec_from_alloc(struct kshm_spec *spec, const struct kshm_alloc *arg);
int kshm_spec_validate(const struct kshm_spec *spec, const char **why);

const char *kshm_cache_name(u32 cache);

int kshm_parse_number(const char *text, size_t len, u64 *value);
int kshm_parse_bytes(const char *text, size_t len, u64 *bytes);

#endif /* KSHM_SPEC_H */
