/* SPDX-License-Identifier: GPL-2.0-only */
/* Contiguous memfds: buffers as regular files without a name. */
#ifndef KSHM_MEMFD_H
#define KSHM_MEMFD_H

struct file;
struct inode;
struct kshm_buffer;

struct file *kshm_memfd_create(struct kshm_buffer *buf);
struct kshm_buffer *kshm_memfd_get_buffer(struct inode *inode);
void kshm_memfd_release(void);

#endif /* KSHM_MEMFD_H */
