/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel: its version, and loading the module. */
#ifndef KERNEL_H
#define KERNEL_H

#include <sys/utsname.h>

#include "base.h"

/* The version as 100 * major + minor: 6.12 is 612. */
static inline int kernel(void)
{
	struct utsname u;
	int major, minor;

	if (uname(&u) || sscanf(u.release, "%d.%d", &major, &minor) != 2)
		bail("uname");
	return 100 * major + minor;
}

/* Whether the kernel is built with KASAN. */
static inline bool kasan(void)
{
	struct utsname u;

	return !uname(&u) && strstr(u.release, "kasan");
}

static inline int module_load(const char *params)
{
	int fd = open("/t/kshm.ko", O_RDONLY | O_CLOEXEC);
	int ret, err;

	if (fd < 0)
		return -1;
	ret = syscall(SYS_finit_module, fd, params, 0);
	err = errno;
	close(fd);
	errno = err;
	return ret;
}

static inline int module_unload(void)
{
	return syscall(SYS_delete_module, "kshm", O_NONBLOCK);
}

#endif /* KERNEL_H */
