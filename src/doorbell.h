/* SPDX-License-Identifier: GPL-2.0-only */
/* The doorbell of a buffer: one user tells the others that there is news. */
#ifndef KSHM_DOORBELL_H
#define KSHM_DOORBELL_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/wait.h>

struct eventfd_ctx;
struct kernfs_node;
struct kshm_file;

/**
 * struct kshm_doorbell - the doorbell of a buffer
 * @count:     how often it was rung
 * @wait:      pollers of the open files
 * @notifiers: of kernel modules, called when a program rings
 * @lock:      guards all below, and what struct kshm_file says
 * @eventfds:  open files with an eventfd
 * @sysfs:     the file events of the live device, or NULL
 */
struct kshm_doorbell {
	atomic64_t count;
	wait_queue_head_t wait;
	struct atomic_notifier_head notifiers;
	spinlock_t lock; /* guards all below */
	struct list_head eventfds;
	struct kernfs_node *sysfs;
};

void kshm_doorbell_init(struct kshm_doorbell *bell);
void kshm_doorbell_ring(struct kshm_doorbell *bell, struct kshm_file *by);
bool kshm_doorbell_has_rung(struct kshm_file *kfile);
u64 kshm_doorbell_count(struct kshm_doorbell *bell);
void kshm_doorbell_set_seen(struct kshm_file *kfile, u64 count);
int kshm_doorbell_set_eventfd(struct kshm_file *kfile, int fd);
void kshm_doorbell_set_sysfs(struct kshm_doorbell *bell,
			     struct kernfs_node *sysfs);

#endif /* KSHM_DOORBELL_H */
