// SPDX-License-Identifier: GPL-2.0-only
/* putstr DEVICE TEXT: write a text to the beginning of a buffer, by mmap. */
#include "base.h"

#include "device.h"

int main(int argc, char **argv)
{
	int fd;

	if (argc != 3 || strlen(argv[2]) > PAGE)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	memcpy(map(fd, PAGE, 0), argv[2], strlen(argv[2]));
	return 0;
}
