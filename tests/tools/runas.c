// SPDX-License-Identifier: GPL-2.0-only
/* runas UID GID PROGRAM ARG...: run a program as a user with one group. */
#include "base.h"

#include <grp.h>

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	if (setgroups(0, NULL) || setgid(atoi(argv[2])) ||
	    setuid(atoi(argv[1]))) {
		perror(argv[0]);
		return 2;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
