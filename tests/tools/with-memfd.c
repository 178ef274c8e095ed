// SPDX-License-Identifier: GPL-2.0-only
/*
 * with-memfd SIZE PROGRAM ARG...: run a program with a memfd of SIZE bytes; an
 * argument @ becomes its path.
 */
#include "base.h"

#include "memfd.h"

int main(int argc, char **argv)
{
	struct kshm_alloc a;
	char path[32];
	int fd, i;

	if (argc < 3)
		return 2;
	a = alloc_request(strtoull(argv[1], NULL, 0));
	a.flags = 0;
	fd = memfd_try(&a);
	if (fd < 0) {
		puts(strerrorname_np(errno));
		return 1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (i = 2; i < argc; i++)
		if (!strcmp(argv[i], "@"))
			argv[i] = path;
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
