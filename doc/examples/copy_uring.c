// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy a file of any length through a kshm buffer by io_uring: several reads and writes are
 * under way at once, each in a part of the buffer, and the disk's controller reads and writes
 * the buffer (O_DIRECT). From Linux 6.5 on the buffer is registered, so that the kernel looks up
 * its pages only once.
 *
 *     copy_uring DEVICE INPUT OUTPUT
 *
 * To use the data and not only copy it, do it where a read has ended, before the part is
 * written.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <liburing.h>
#include <linux/kshm.h>

#define PARTS 4

struct part {
	char *memory;
	off_t offset;	/* in both files */
	size_t len;
	int is_write;
};

static struct io_uring ring;
static int in, out;
static int is_registered;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void start(struct part *part)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (part->is_write)
		io_uring_prep_write(sqe, out, part->memory, part->len, part->offset);
	else
		io_uring_prep_read(sqe, in, part->memory, part->len, part->offset);
	/* The same on registered memory. */
	if (is_registered)
		sqe->opcode = part->is_write ? IORING_OP_WRITE_FIXED : IORING_OP_READ_FIXED;
	io_uring_sqe_set_data(sqe, part);
	if (io_uring_submit(&ring) != 1)
		die("io_uring_submit");
}

static struct part *wait_for_one(void)
{
	struct io_uring_cqe *cqe;
	struct part *part;
	int res;

	errno = -io_uring_wait_cqe(&ring, &cqe);
	if (errno)
		die("io_uring_wait_cqe");
	part = io_uring_cqe_get_data(cqe);
	res = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	errno = res < 0 ? -res : EIO;
	/* The file's last part is read short, as its length is rounded up. */
	if (part->is_write ? res != (int)part->len : res <= 0)
		die(part->is_write ? "write" : "read");
	return part;
}

int main(int argc, char **argv)
{
	struct kshm_info info = { .struct_size = sizeof(info) };
	size_t page = sysconf(_SC_PAGESIZE), part_size;
	struct part parts[PARTS], *part;
	struct iovec iov;
	struct stat st;
	off_t next = 0;
	int fd, busy;

	if (argc != 4) {
		fprintf(stderr, "usage: copy_uring DEVICE INPUT OUTPUT\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || ioctl(fd, KSHM_IOC_INFO, &info))
		die(argv[1]);
	part_size = info.size / PARTS / page * page;
	if (!part_size) {
		fprintf(stderr, "%s: needs %zu bytes\n", argv[1], PARTS * page);
		return 1;
	}
	iov.iov_len = info.size;
	iov.iov_base = mmap(NULL, info.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (iov.iov_base == MAP_FAILED)
		die("mmap");

	in = open(argv[2], O_RDONLY | O_DIRECT);
	if (in < 0 || fstat(in, &st))
		die(argv[2]);
	out = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC | O_DIRECT, 0600);
	if (out < 0)
		die(argv[3]);
	errno = -io_uring_queue_init(PARTS, &ring, 0);
	if (errno)
		die("io_uring_queue_init");
	is_registered = !io_uring_register_buffers(&ring, &iov, 1);

	for (busy = 0; busy < PARTS && next < st.st_size; busy++, next += part_size) {
		parts[busy] = (struct part){
			.memory = (char *)iov.iov_base + busy * part_size,
			.offset = next,
			.len = part_size,
		};
		start(&parts[busy]);
	}
	while (busy) {
		part = wait_for_one();
		if (!part->is_write) {
			/* Whole pages are written, then the file gets its length. */
			if (st.st_size - part->offset < (off_t)part->len)
				part->len = (st.st_size - part->offset + page - 1) / page * page;
			part->is_write = 1;
		} else if (next < st.st_size) {
			part->is_write = 0;
			part->offset = next;
			part->len = part_size;
			next += part_size;
		} else {
			busy--;
			continue;
		}
		start(part);
	}
	if (ftruncate(out, st.st_size))
		die("ftruncate");
	printf("%lld bytes by way of %s, %d parts of %zu bytes\n",
	       (long long)st.st_size, argv[1], PARTS, part_size);
	return 0;
}
