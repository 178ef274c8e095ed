// SPDX-License-Identifier: GPL-2.0-only
/*
 * modctl load [PARAMETER...] | unload: insert or remove the module, without
 * waiting; prints the errno's name when that fails.
 */
#include "guest.h"

static const char *name(int err)
{
	static const struct {
		int err;
		const char *name;
	} names[] = {
		{ EPERM, "EPERM" }, { ENOENT, "ENOENT" }, { EBUSY, "EBUSY" },
		{ EEXIST, "EEXIST" }, { EINVAL, "EINVAL" },
		{ ENOMEM, "ENOMEM" }, { ENOSPC, "ENOSPC" },
		{ EAGAIN, "EAGAIN" }, { ERANGE, "ERANGE" },
		{ ENOEXEC, "ENOEXEC" }, { EOVERFLOW, "EOVERFLOW" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].err == err)
			return names[i].name;
	return strerror(err);
}

int main(int argc, char **argv)
{
	char params[65536] = "";
	size_t len = 0;
	int i, ret;

	if (argc < 2)
		return 2;
	for (i = 2; i < argc; i++) {
		if (len + strlen(argv[i]) + 2 > sizeof(params))
			return 2;
		len += sprintf(params + len, "%s%s", i > 2 ? " " : "", argv[i]);
	}

	if (!strcmp(argv[1], "load"))
		ret = module_load(params);
	else if (!strcmp(argv[1], "unload"))
		ret = module_unload();
	else
		return 2;
	if (!ret)
		return 0;
	puts(name(errno));
	return 1;
}
