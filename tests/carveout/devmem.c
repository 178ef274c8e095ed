// SPDX-License-Identifier: GPL-2.0-only
/*
 * devmem refused|beyond|same DEVICE: whether /dev/mem shows a buffer's bytes at
 * its physical address. Reading beyond the last System RAM gives EFAULT.
 */
#include "base.h"

#include "device.h"
#include "pattern.h"

static void same(int fd, int mem, size_t size, __u64 addr)
{
	char *p = map(fd, size, 0), *q = map(mem, size, addr);

	fill(p, size, 1);
	ok(filled(q, size, 1), "/dev/mem shows what was stored in the buffer");
	fill(q, size, 2);
	ok(filled(p, size, 2), "the buffer has what was stored by /dev/mem");
	munmap(p, size);
	munmap(q, size);
}

static void refused(int mem, size_t size, __u64 addr, int read_err)
{
	char text[16];

	fails((long)mmap(NULL, size, PROT_READ, MAP_SHARED, mem, addr), EPERM,
	      "mmap of the buffer by /dev/mem: EPERM");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, mem,
			 addr + size - PAGE), EPERM,
	      "mmap of the buffer's last page by /dev/mem: EPERM");
	fails(pread(mem, text, sizeof(text), addr), read_err,
	      "read of the buffer by /dev/mem: %s", strerrorname_np(read_err));
}

int main(int argc, char **argv)
{
	int mem = xopen("/dev/mem", O_RDWR), fd;
	struct kshm_info i;

	if (argc != 3)
		return 2;
	fd = xopen(argv[2], O_RDWR);
	i = info(fd);
	if (!strcmp(argv[1], "same"))
		same(fd, mem, i.size, i.phys_addr);
	else
		refused(mem, i.size, i.phys_addr,
			strcmp(argv[1], "beyond") ? EPERM : EFAULT);
	return tap_done();
}
