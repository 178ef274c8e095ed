// SPDX-License-Identifier: GPL-2.0-only
/*
 * modctl load [PARAMETER...] | unload: insert or remove the module, without
 * waiting; prints the name of the errno if that fails.
 */
#include "base.h"

#include "kernel.h"

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
	puts(strerrorname_np(errno));
	return 1;
}
