/* SPDX-License-Identifier: GPL-2.0-only */
/* The device that a buffer is mapped for. */
#ifndef KSHM_ATTACH_H
#define KSHM_ATTACH_H

#include <linux/list.h>
#include <linux/types.h>

struct device;
struct kshm_mem_spec;
struct kshm_memory;

/**
 * struct kshm_attachment - the mapping of a buffer for a device
 * @node:	in the list of all attachments
 * @dev:	the device, with a reference; NULL when there is none. Set before
 *		the buffer can be seen; becomes NULL once
 * @mem:	what is mapped
 * @dma_addr:	address of the first byte for the device
 * @resource:	the memory has no struct pages
 * @translated:	an IOMMU translated when the mapping was made
 *
 * All is guarded by kshm_attach_sem.
 */
struct kshm_attachment {
	struct list_head node;
	struct device *dev;
	const struct kshm_memory *mem;
	dma_addr_t dma_addr;
	bool resource;
	bool translated;
};

int kshm_attach_init(void);
void kshm_attach_exit(void);
struct device *kshm_attach_find(const char *name);
void kshm_attach_narrow(struct device *dev, struct kshm_mem_spec *spec);
int kshm_attach(struct kshm_attachment *att, struct device *dev,
		const struct kshm_mem_spec *spec,
		const struct kshm_memory *mem);
int kshm_attach_locked(struct kshm_attachment *att, struct device *dev,
		       const struct kshm_mem_spec *spec,
		       const struct kshm_memory *mem);
void kshm_detach(struct kshm_attachment *att);
bool kshm_attach_dma_addr(const struct kshm_attachment *att, u64 *addr);
ssize_t kshm_attach_print(const struct kshm_attachment *att, char *buf);
int kshm_attach_sync(const struct kshm_attachment *att, u64 off, u64 len,
		     bool for_cpu, bool writable);

#endif /* KSHM_ATTACH_H */
