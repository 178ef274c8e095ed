// SPDX-License-Identifier: GPL-2.0-only
/* ioctl-errors DEVICE: unknown ioctls, and KSHM_IOC_INFO with bad arguments. */
/* build: also 32-bit */
#include "guest.h"

#include <stddef.h>

static int fd;

static void unknown(void)
{
	static const unsigned long cmds[] = {
		_IO(KSHM_IOC_MAGIC, 0xff), _IO(KSHM_IOC_MAGIC, 0x7f),
		_IOR(KSHM_IOC_MAGIC, 0, struct kshm_info),
		_IOWR(KSHM_IOC_MAGIC, 0, struct kshm_info),
		_IO(0xD6, 0), _IO(0, 0), 0x5401 /* TCGETS */,
		0x541b /* FIONREAD */, 0xffffffff,
	};
	struct kshm_info i = { .struct_size = sizeof(i) };
	size_t c;

	for (c = 0; c < ARRAY_SIZE(cmds); c++)
		fails(ioctl(fd, cmds[c], &i), ENOTTY, "ioctl %#lx", cmds[c]);
}

static void fields(void)
{
	struct kshm_info i = { .struct_size = sizeof(i), .flags = 1 };

	fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL, "flags 1");
	i.flags = 0x80000000;
	fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL, "flags 0x80000000");
	i.flags = 0;
	i.reserved = 1;
	fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL, "reserved 1");
	is(i.size, 0, "a refused call fills in nothing");
}

static void sizes(void)
{
	static const __u32 small[] = {
		0, 1, 7, 8, offsetof(struct kshm_info, name),
		sizeof(struct kshm_info) - 1,
	};
	struct {
		struct kshm_info i;
		__u64 more[8];
	} large;
	struct kshm_info i;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(small); n++) {
		memset(&i, 0, sizeof(i));
		i.struct_size = small[n];
		fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL, "struct_size %u",
		      small[n]);
		is(i.size, 0, "a refused call fills in nothing");
	}

	memset(&large, 0, sizeof(large));
	memset(large.more, 0x5a, sizeof(large.more));
	large.i.struct_size = sizeof(large);
	ok(!ioctl(fd, KSHM_IOC_INFO, &large), "a larger structure");
	is(large.i.struct_size, sizeof(i), "gets the driver's size");
	is(large.i.size, lseek(fd, 0, SEEK_END), "and what the driver knows");
	is(large.more[0], 0x5a5a5a5a5a5a5a5a, "and keeps the rest");

	memset(&i, 0, sizeof(i));
	i.struct_size = 0xffffffff;
	ok(!ioctl(fd, KSHM_IOC_INFO, &i), "struct_size 2^32 - 1");
	is(i.struct_size, sizeof(i), "gets the driver's size");
}

static void pointers(void)
{
	struct kshm_info *i;
	char *p = anon(2 * PAGE);

	munmap(p + PAGE, PAGE);
	fails(ioctl(fd, KSHM_IOC_INFO, NULL), EFAULT, "INFO to NULL");
	fails(ioctl(fd, KSHM_IOC_INFO, (void *)-4096L), EFAULT,
	      "INFO to the kernel");
	i = (void *)(p + PAGE - 4);
	i->struct_size = sizeof(*i);
	fails(ioctl(fd, KSHM_IOC_INFO, i), EFAULT, "INFO to a half-bad range");
	i = (void *)(p + PAGE - offsetof(struct kshm_info, name));
	i->struct_size = sizeof(*i);
	fails(ioctl(fd, KSHM_IOC_INFO, i), EFAULT, "INFO to a half-bad range");
	i = (void *)p;
	i->struct_size = sizeof(*i);
	mprotect(p, PAGE, PROT_READ);
	fails(ioctl(fd, KSHM_IOC_INFO, i), EFAULT, "INFO to read-only memory");
	munmap(p, PAGE);
}

static void access_modes(const char *path)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	int f = xopen(path, O_RDONLY);

	is(info(f).size, lseek(f, 0, SEEK_END), "INFO of a read-only file");
	close(f);
	f = xopen(path, O_WRONLY);
	is(info(f).size, lseek(f, 0, SEEK_END), "INFO of a write-only file");
	close(f);
	f = xopen(path, O_PATH);
	fails(ioctl(f, KSHM_IOC_INFO, &i), EBADF, "INFO of an O_PATH file");
	close(f);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	diag("%s, %zu-bit program", argv[1], 8 * sizeof(long));
	unknown();
	fields();
	sizes();
	pointers();
	access_modes(argv[1]);
	return tap_done();
}
