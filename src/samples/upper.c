// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sample: write a string to the buffer of kshm_upper.c, ring the doorbell, and
 * print the answer.
 *
 *	upper /dev/kshm-by-name/upper "hello"
 */
#include <fcntl.h>
#include <linux/kshm.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	size_t page = sysconf(_SC_PAGESIZE);
	struct pollfd wait;
	char *text;
	int fd;

	if (argc != 3 || strlen(argv[2]) >= page) {
		fprintf(stderr, "usage: upper DEVICE TEXT\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	text = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (text == MAP_FAILED) {
		perror("mmap");
		return 1;
	}

	memcpy(text, argv[2], strlen(argv[2]) + 1);
	if (ioctl(fd, KSHM_IOC_NOTIFY, 0)) {
		perror("KSHM_IOC_NOTIFY");
		return 1;
	}
	/* POLLPRI: somebody else has rung since this file last looked. */
	wait.fd = fd;
	wait.events = POLLPRI;
	if (poll(&wait, 1, 5000) != 1) {
		fprintf(stderr, "no answer\n");
		return 1;
	}
	puts(text);
	return 0;
}
