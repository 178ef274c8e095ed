// SPDX-License-Identifier: GPL-2.0-only
/*
 * xcall write FILE TEXT | mkdir DIR | rmdir DIR | open FILE: make one system
 * call; print "success" or the name of its errno. A backslash and n at the end
 * of TEXT stand for a newline.
 */
#include "base.h"

static void newline(char *text)
{
	size_t len = strlen(text);

	if (len >= 2 && !strcmp(text + len - 2, "\\n"))
		memcpy(text + len - 2, "\n", 2);
}

static long call(int argc, char **argv)
{
	int fd;

	if (argc == 4 && !strcmp(argv[1], "write")) {
		fd = open(argv[2], O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			return -1;
		newline(argv[3]);
		return write(fd, argv[3], strlen(argv[3]));
	}
	if (argc != 3)
		exit(2);
	if (!strcmp(argv[1], "mkdir"))
		return mkdir(argv[2], 0755);
	if (!strcmp(argv[1], "rmdir"))
		return rmdir(argv[2]);
	if (!strcmp(argv[1], "open"))
		return open(argv[2], O_RDWR | O_CLOEXEC);
	exit(2);
}

int main(int argc, char **argv)
{
	puts(call(argc, argv) < 0 ? strerrorname_np(errno) : "success");
	return 0;
}
