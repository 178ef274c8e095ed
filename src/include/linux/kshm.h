/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kshm for other kernel modules: make buffers or find them, use their memory,
 * ring their doorbell and hear it. src/api.c describes each function.
 *
 * The symbols are exported to GPL modules.
 */
#ifndef _LINUX_KSHM_H
#define _LINUX_KSHM_H

#include <linux/types.h>

struct kshm_buffer;
struct notifier_block;
struct page;

struct kshm_buffer *kshm_create(const char *spec);
void kshm_destroy(struct kshm_buffer *buf);
struct kshm_buffer *kshm_find(const char *name);
void kshm_put(struct kshm_buffer *buf);

const char *kshm_name(const struct kshm_buffer *buf);
u64 kshm_size(const struct kshm_buffer *buf);
void *kshm_vaddr(const struct kshm_buffer *buf);
phys_addr_t kshm_phys_addr(const struct kshm_buffer *buf);
struct page *kshm_page(const struct kshm_buffer *buf, pgoff_t index);

void kshm_notify(struct kshm_buffer *buf);
int kshm_register_notifier(struct kshm_buffer *buf, struct notifier_block *nb);
int kshm_unregister_notifier(struct kshm_buffer *buf,
			     struct notifier_block *nb);

#endif /* _LINUX_KSHM_H */
