/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buffer: memory with a name, a reference count, and an inode that stands
 * for it in the page tables of programs.
 */
#ifndef KSHM_BUFFER_H
#define KSHM_BUFFER_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/types.h>

#include <uapi/linux/kshm.h>

#include "attach.h"
#include "doorbell.h"
#include "mm/memory.h"

struct inode;
struct kshm_device;
struct kshm_spec;

/**
 * struct kshm_buffer - memory with a name
 * @ref:      held by the live device, by each open file, by the inode of a
 *	      memfd, by each dma-buf, and by each client in the kernel; mappings
 *	      hold it through their file
 * @name:     set before the buffer can be seen, constant afterwards
 * @mem:      the memory
 * @inode:    of kshm's own file system; its mapping belongs to the buffer, and
 *	      every open file of the buffer maps it
 * @attached: the device that it is mapped for, if any
 * @bell:     the doorbell
 * @openers:  open files
 * @mappings: VMAs that map it
 * @charged:  the sum that counts its size until it is freed, or NULL
 * @kdev:     the device that kshm_create() has made, else NULL; belongs to the
 *	      client that called it
 *
 * All but the attached device, the doorbell, the counts and @kdev is constant
 * while anybody can see the buffer, so it is read without a lock.
 */
struct kshm_buffer {
	struct kref ref;
	char name[KSHM_NAME_SIZE];
	struct kshm_memory mem;
	struct inode *inode;
	struct kshm_attachment attached;
	struct kshm_doorbell bell;
	atomic_t openers;
	atomic_t mappings;
	atomic64_t *charged;
	struct kshm_device *kdev;
};

int kshm_buffers_init(void);
void kshm_buffers_exit(void);
struct kshm_buffer *kshm_buffer_create(const struct kshm_spec *spec,
				       u64 *largest);
void kshm_buffer_get(struct kshm_buffer *buf);
void kshm_buffer_put(struct kshm_buffer *buf);
u64 kshm_buffer_largest(const struct kshm_spec *spec);

#endif /* KSHM_BUFFER_H */
