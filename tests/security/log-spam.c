// SPDX-License-Identifier: GPL-2.0-only
/*
 * log-spam DEVICE SECONDS: make all calls that are refused to a user, and calls
 * that are unusual but allowed, for a number of seconds and at least ROUNDS
 * times. The user may be one who cannot open DEVICE.
 */
#include "base.h"

#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#include "clock.h"
#include "configfs.h"
#include "device.h"
#include "kernel.h"

#define ROUNDS	101

/* Calls that must fail. Returns how many did not. */
static int refused_with_file(int fd, off_t size, char *p)
{
	struct kshm_info i = { .struct_size = 1 };
	char *kernel_addr = (char *)~0xfffUL;
	struct iovec v = { kernel_addr, 8 };

	return (pread(fd, kernel_addr, 8, 0) != -1) +
	       (pread(fd, p, 8, -1) != -1) +
	       (pwrite(fd, p, 8, size) != -1) +
	       (preadv2(fd, &v, 1, 0, 0x40000000) != -1) +
	       (lseek(fd, 1, SEEK_END) != -1) +
	       (ftruncate(fd, 0) != -1) +
	       (fallocate(fd, 0, 0, size) != -1) +
	       (ioctl(fd, KSHM_IOC_INFO, kernel_addr) != -1) +
	       (ioctl(fd, KSHM_IOC_INFO, &i) != -1) +
	       (ioctl(fd, 0xffffffff, p) != -1) +
	       (mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, size) !=
		MAP_FAILED) +
	       (mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) !=
		MAP_FAILED) +
	       (mmap(NULL, PAGE, PROT_EXEC, MAP_SHARED, fd, 0) !=
		MAP_FAILED) +
	       (mprotect(p, PAGE, PROT_EXEC) != -1) +
	       (mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE) != MAP_FAILED) +
	       (madvise(p, PAGE, MADV_REMOVE) != -1) +
	       (remap_file_pages(p, PAGE, 0, size / PAGE, 0) != -1);
}

/* Split a mapping and unmap its parts. Returns how many calls failed. */
static int split_mapping(int fd)
{
	char *p = map(fd, 4 * PAGE, 0), *q = anon(PAGE);

	return (mprotect(p + PAGE, PAGE, PROT_READ) == -1) +
	       (mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, q) != q) +
	       (munmap(q, PAGE) == -1) +
	       (munmap(p + 2 * PAGE, PAGE) == -1) +
	       (munmap(p + PAGE, 3 * PAGE) == -1);
}

/* Calls that must fail. Returns how many did not. */
static int refused_without_file(const char *path)
{
	int module = open("/t/kshm.ko", O_RDONLY | O_CLOEXEC);
	int i = (open(path, O_RDWR | O_DIRECT) != -1) +
		(mkdir(CONFIGFS "/spam", 0700) != -1) +
		(rmdir(CONFIGFS "/own") != -1) +
		(open(CONFIGFS "/own/live", O_WRONLY) != -1) +
		(open("/sys/class/kshm/kshm0/size", O_WRONLY) != -1) +
		(mknod("/tmp/spam", S_IFCHR | 0600, makedev(240, 0)) != -1) +
		(mount("none", "/mnt", "configfs", 0, NULL) != -1) +
		(mount("none", "/mnt", "kshm", 0, NULL) != -1) +
		(chmod(path, 0666) != -1) +
		(truncate(path, 0) != -1) +
		(syscall(SYS_finit_module, module, "buffers=?", 0) != -1) +
		(module_unload() != -1);

	close(module);
	return i;
}

int main(int argc, char **argv)
{
	long long end;
	unsigned long rounds = 0;
	int fd, allowed = 0, failed = 0;
	off_t size = 0;
	char *p = NULL;

	if (argc != 3)
		return 2;
	end = now_ms() + atoi(argv[2]) * 1000;
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		size = lseek(fd, 0, SEEK_END);
		p = map(fd, size, 0);
	}
	do {
		if (fd >= 0) {
			allowed += refused_with_file(fd, size, p);
			/* A refused remap_file_pages() unmaps a page. */
			p = mmap(p, size, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_FIXED, fd, 0);
			failed += split_mapping(fd);
		}
		allowed += refused_without_file(argv[1]);
		rounds++;
	} while (now_ms() < end || rounds < ROUNDS);
	diag("%lu rounds, device %s", rounds, fd < 0 ? "not open" : "open");
	is(allowed, 0, "calls that should have been refused");
	is(failed, 0, "calls that should not have failed");
	return tap_done();
}
