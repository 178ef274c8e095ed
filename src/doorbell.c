// SPDX-License-Identifier: GPL-2.0-only
/*
 * The doorbell of a buffer. A ring counts, and wakes those who wait: pollers of
 * the other open files, their eventfds, and pollers of the file events in sysfs;
 * the ring of a program calls the notifiers of kernel modules, too. Each open
 * file remembers up to which count it has fetched the doorbell.
 *
 * No ring is lost: it counts before it wakes, and poll() looks at the count
 * after it has joined the queue.
 */
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sysfs.h>

#include "buffer.h"
#include "compat/compat.h"
#include "doorbell.h"
#include "file.h"

/**
 * kshm_doorbell_init() - a doorbell that nobody has rung
 * @bell: result
 *
 * Context: any.
 */
void kshm_doorbell_init(struct kshm_doorbell *bell)
{
	atomic64_set(&bell->count, 0);
	init_waitqueue_head(&bell->wait);
	spin_lock_init(&bell->lock);
	INIT_LIST_HEAD(&bell->eventfds);
	ATOMIC_INIT_NOTIFIER_HEAD(&bell->notifiers);
}

/**
 * kshm_doorbell_ring() - ring the doorbell
 * @bell: the doorbell
 * @by:   the open file that rings, which is not told; NULL: a kernel module
 *
 * What the caller has written before is visible to those who fetch the count.
 *
 * Context: any but NMI.
 */
void kshm_doorbell_ring(struct kshm_doorbell *bell, struct kshm_file *by)
{
	/* A full barrier. */
	s64 count = atomic64_inc_return(&bell->count);
	struct kshm_file *kfile;
	unsigned long flags;

	/* If it has not fetched the rings of others yet, it must be told of them. */
	if (by)
		atomic64_cmpxchg(&by->seen, count - 1, count);
	/* No key: since 5.18, io_uring does not find EPOLLPRI in one. */
	wake_up_interruptible(&bell->wait);

	spin_lock_irqsave(&bell->lock, flags);
	list_for_each_entry(kfile, &bell->eventfds, node) {
		/* Without !by, clang's analyzer takes kfile for NULL. */
		if (!by || kfile != by)
			eventfd_signal(kfile->eventfd);
	}
	if (bell->sysfs)
		sysfs_notify_dirent(bell->sysfs);
	spin_unlock_irqrestore(&bell->lock, flags);

	/* Last and without a lock, so that a notifier can ring in turn. */
	if (by)
		atomic_notifier_call_chain(&bell->notifiers, 0, by->buf);
}

/**
 * kshm_doorbell_has_rung() - whether there is a ring that was not fetched
 * @kfile: an open file
 *
 * Context: any.
 * Return: true when there is.
 */
bool kshm_doorbell_has_rung(struct kshm_file *kfile)
{
	return atomic64_read(&kfile->buf->bell.count) !=
	       atomic64_read(&kfile->seen);
}

/**
 * kshm_doorbell_count() - how often the doorbell was rung
 * @bell: the doorbell
 *
 * What those who rang have written before is visible to the caller.
 *
 * Context: any.
 * Return: the count.
 */
u64 kshm_doorbell_count(struct kshm_doorbell *bell)
{
	return atomic64_read_acquire(&bell->count);
}

/**
 * kshm_doorbell_set_seen() - note what an open file knows of
 * @kfile: the open file
 * @count: a count that it has got
 *
 * Context: any.
 */
void kshm_doorbell_set_seen(struct kshm_file *kfile, u64 count)
{
	s64 seen = atomic64_read(&kfile->seen);

	/* Another thread may have got a higher one. */
	while (seen < (s64)count &&
	       !atomic64_try_cmpxchg(&kfile->seen, &seen, count))
		;
}

/**
 * kshm_doorbell_set_eventfd() - have an eventfd signalled by each ring
 * @kfile: an open file; its own rings do not count
 * @fd:    the eventfd, which replaces one that was set before; negative: none
 *
 * Context: process.
 * Return: 0; -EBADF when @fd is not open, -EINVAL when it is no eventfd.
 */
int kshm_doorbell_set_eventfd(struct kshm_file *kfile, int fd)
{
	struct kshm_doorbell *bell = &kfile->buf->bell;
	struct eventfd_ctx *eventfd = NULL;

	if (fd >= 0) {
		eventfd = eventfd_ctx_fdget(fd);
		if (IS_ERR(eventfd))
			return PTR_ERR(eventfd);
	}
	spin_lock_irq(&bell->lock);
	swap(kfile->eventfd, eventfd);
	list_del_init(&kfile->node);
	if (kfile->eventfd)
		list_add(&kfile->node, &bell->eventfds);
	spin_unlock_irq(&bell->lock);
	if (eventfd)
		eventfd_ctx_put(eventfd);
	return 0;
}

/**
 * kshm_doorbell_set_sysfs() - set the file in sysfs that a ring notifies
 * @bell:  the doorbell
 * @sysfs: the file, to which the doorbell takes over a reference; NULL: none
 *
 * Rings before this are notified now.
 *
 * Context: process.
 */
void kshm_doorbell_set_sysfs(struct kshm_doorbell *bell,
			     struct kernfs_node *sysfs)
{
	spin_lock_irq(&bell->lock);
	swap(bell->sysfs, sysfs);
	if (bell->sysfs && atomic64_read(&bell->count))
		sysfs_notify_dirent(bell->sysfs);
	spin_unlock_irq(&bell->lock);
	sysfs_put(sysfs);
}
