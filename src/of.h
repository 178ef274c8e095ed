/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers of the device tree. */
#ifndef KSHM_OF_H
#define KSHM_OF_H

#ifdef KSHM_HAS_OF
void kshm_of_init(void);
void kshm_of_exit(void);
#else
static inline void kshm_of_init(void)
{
}

static inline void kshm_of_exit(void)
{
}
#endif

#endif /* KSHM_OF_H */
