// SPDX-License-Identifier: GPL-2.0-only
/*
 * devnode-prober STOP PATH...: until the file STOP exists, open each path in a
 * loop and try to replace it; print whether that ever succeeded.
 */
#include "base.h"

int main(int argc, char **argv)
{
	unsigned long opened = 0, denied = 0, changed = 0;
	int i, fd;

	if (argc < 3)
		return 2;
	while (access(argv[1], F_OK)) {
		for (i = 2; i < argc; i++) {
			fd = open(argv[i], O_RDONLY);
			opened += fd >= 0;
			denied += fd < 0 && errno == EACCES;
			close(fd);
			changed += !symlink("/dev/null", argv[i]);
			changed += !mkdir(argv[i], 0777);
			changed += !chmod(argv[i], 0666);
			changed += !unlink(argv[i]);
		}
	}
	printf("opened %s, denied %s, changed %lu\n", opened ? "yes" : "no",
	       denied ? "yes" : "no", changed);
	return 0;
}
