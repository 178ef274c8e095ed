/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of kshm. This is its only place: the Makefile and the packages
 * read it from here.
 */
#ifndef KSHM_VERSION_H
#define KSHM_VERSION_H

#define KSHM_VERSION "0.1.0"

#endif
