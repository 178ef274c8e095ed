/* SPDX-License-Identifier: GPL-2.0-only */
/* Changing the attributes of an inode. */
#ifndef KSHM_COMPAT_INODE_H
#define KSHM_COMPAT_INODE_H

#include <linux/fs.h>

/*
 * The arguments of setattr in struct inode_operations. 5.12 added a user
 * namespace, which 6.3 replaced by an idmap.
 */
#if defined(KSHM_HAVE_SETATTR_IDMAP)
#define KSHM_SETATTR_ARGS						\
	struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr
#elif defined(KSHM_HAVE_SETATTR_USERNS)
#define KSHM_SETATTR_ARGS						\
	struct user_namespace *idmap, struct dentry *dentry,		\
	struct iattr *attr
#else
#define KSHM_SETATTR_ARGS						\
	struct dentry *dentry, struct iattr *attr
#define simple_setattr(ns, dentry, attr)	simple_setattr(dentry, attr)
#endif

#endif /* KSHM_COMPAT_INODE_H */
