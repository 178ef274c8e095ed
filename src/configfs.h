/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers at run time. */
#ifndef KSHM_CONFIGFS_H
#define KSHM_CONFIGFS_H

int kshm_configfs_init(void);
void kshm_configfs_enable(void);
void kshm_configfs_exit(void);

#endif /* KSHM_CONFIGFS_H */
