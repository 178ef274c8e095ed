// SPDX-License-Identifier: GPL-2.0-only
/* read DEVICE: print the text at the beginning of a kshm buffer, by mmap. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/kshm.h>

int main(int argc, char **argv)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	const char *memory;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: read DEVICE\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info)) {
		perror(argv[1]);
		return 1;
	}
	memory = mmap(NULL, info.size, PROT_READ, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	printf("%.*s\n", (int)info.size, memory);
	return 0;
}
