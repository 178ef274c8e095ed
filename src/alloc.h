/* SPDX-License-Identifier: GPL-2.0-only */
/* The device kshm-alloc. */
#ifndef KSHM_ALLOC_H
#define KSHM_ALLOC_H

#include <linux/types.h>

struct file;

int kshm_alloc_init(dev_t devt);
void kshm_alloc_enable(void);
void kshm_alloc_exit(void);
int kshm_alloc_open(struct file *file);

#endif /* KSHM_ALLOC_H */
