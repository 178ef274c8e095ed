/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs do with an open device or memfd. */
#ifndef KSHM_FILE_H
#define KSHM_FILE_H

#include <linux/fs.h>
#include <linux/list.h>
#include <linux/types.h>

struct eventfd_ctx;
struct kshm_buffer;
struct vm_area_struct;

/**
 * struct kshm_file - an open device or memfd
 * @buf:     the buffer, to which the file holds a reference
 * @seen:    count of the doorbell up to which it was fetched; never goes back
 * @node:    in the doorbell's list; guarded by its lock
 * @eventfd: signalled by each ring, or NULL; guarded by the doorbell's lock
 */
struct kshm_file {
	struct kshm_buffer *buf;
	atomic64_t seen;
	struct list_head node;
	struct eventfd_ctx *eventfd;
};

/**
 * kshm_file_buffer() - the buffer of an open device
 * @file: the open device
 *
 * Context: any.
 * Return: the buffer.
 */
static inline struct kshm_buffer *kshm_file_buffer(const struct file *file)
{
	return ((struct kshm_file *)file->private_data)->buf;
}

/* file.c */
extern const struct file_operations kshm_fops;
struct kshm_file *kshm_file_alloc(struct kshm_buffer *buf);
void kshm_file_attach(struct file *file, struct kshm_file *kfile);

/* ioctl.c */
int kshm_ioctl_read(void *arg, size_t size, size_t min,
		    const void __user *uarg);
long kshm_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* mmap.c */
int kshm_buffer_mmap(struct kshm_buffer *buf, struct vm_area_struct *vma);
int kshm_mmap(struct file *file, struct vm_area_struct *vma);
unsigned long kshm_get_unmapped_area(struct file *file, unsigned long addr,
				     unsigned long len, unsigned long pgoff,
				     unsigned long flags);

/* main.c */
extern bool kshm_restrict_phys_addr;

#endif /* KSHM_FILE_H */
