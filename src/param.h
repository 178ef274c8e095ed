/* SPDX-License-Identifier: GPL-2.0-only */
/* The module parameter buffers=, a list of requests. */
#ifndef KSHM_PARAM_H
#define KSHM_PARAM_H

struct kshm_spec;

int kshm_param_count(const char *text);
int kshm_param_parse(const char *text, struct kshm_spec *specs, int count);
void kshm_param_report(const char *text, const struct kshm_spec *spec,
		       int index, int err);

#endif /* KSHM_PARAM_H */
