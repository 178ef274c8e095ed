// SPDX-License-Identifier: GPL-2.0-only
/* write DEVICE TEXT: put a text at the beginning of a kshm buffer, by mmap. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/kshm.h>

int main(int argc, char **argv)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	char *memory;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: write DEVICE TEXT\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info)) {
		perror(argv[1]);
		return 1;
	}
	if (strlen(argv[2]) >= info.size) {
		fprintf(stderr, "the text is too long\n");
		return 1;
	}
	memory = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	strcpy(memory, argv[2]);
	printf("wrote %zu bytes to %p, which is physical address %#llx\n",
	       strlen(argv[2]), (void *)memory, (unsigned long long)info.phys_addr);
	return 0;
}
