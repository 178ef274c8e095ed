// SPDX-License-Identifier: GPL-2.0-only
/* errno-ioctl DEVICE: unknown ioctls, and KSHM_IOC_INFO with bad arguments. */
/* build: also 32-bit */
#include "base.h"

#include <stddef.h>

#include "device.h"

/* of struct kshm_info in the first version of the interface */
#define SIZE_VER0	80

static int fd;

static void unknown_commands(void)
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
		fails(ioctl(fd, cmds[c], &i), ENOTTY, "ioctl %#lx: ENOTTY", cmds[c]);
}

static void bad_fields(void)
{
	struct kshm_info i = { .struct_size = sizeof(i), .flags = 1 };

	fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL, "INFO with flags 1: EINVAL");
	i.flags = 0x80000000;
	fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL,
	      "INFO with flags 0x80000000: EINVAL");
	i.flags = 0;
	i.reserved = 1;
	fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL,
	      "INFO with reserved 1: EINVAL");
	is(i.size, 0, "a refused INFO does not fill in the structure");
}

static void small_structures(void)
{
	static const __u32 sizes[] = {
		0, 1, 7, 8, offsetof(struct kshm_info, name),
		SIZE_VER0 - 1,
	};
	struct kshm_info i;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(sizes); n++) {
		memset(&i, 0, sizeof(i));
		i.struct_size = sizes[n];
		fails(ioctl(fd, KSHM_IOC_INFO, &i), EINVAL,
		      "INFO with struct_size %u: EINVAL", sizes[n]);
		is(i.size, 0, "INFO with struct_size %u fills in nothing",
		   sizes[n]);
	}
}

/* Programs that were built before the structure has grown. */
static void older_structure(size_t size)
{
	struct kshm_info i;
	char *mem = (void *)&i;
	bool kept = true;
	size_t n;

	memset(&i, 0, sizeof(i));
	memset(mem + size, 0x5a, sizeof(i) - size);
	i.struct_size = size;
	ok(!ioctl(fd, KSHM_IOC_INFO, &i), "INFO with %zu bytes succeeds", size);
	is(i.struct_size, sizeof(i),
	   "INFO with %zu bytes returns the size that the driver supports", size);
	is(i.size, lseek(fd, 0, SEEK_END), "INFO with %zu bytes fills in the size", size);
	ok(i.name[0], "INFO with %zu bytes fills in the name", size);
	for (n = size; n < sizeof(i); n++)
		kept = kept && mem[n] == 0x5a;
	ok(kept, "INFO with %zu bytes leaves what follows as it is", size);
}

static void older_structures(void)
{
	older_structure(SIZE_VER0);
	older_structure(SIZE_VER0 + 1);
	older_structure(sizeof(struct kshm_info) - 1);
}

/* INFO with a structure of @size bytes whose byte at @offset is not zero. */
static void unknown_field(char *mem, size_t size, size_t offset)
{
	struct kshm_info *i = (void *)mem;

	memset(mem, 0, size);
	i->struct_size = size;
	mem[offset] = 1;
	fails(ioctl(fd, KSHM_IOC_INFO, mem), E2BIG,
	      "INFO with %zu bytes, of which byte %zu is not zero: E2BIG",
	      size, offset);
	is(i->size, 0, "INFO with an unknown field set fills in nothing");
}

static void large_structure(char *mem, size_t size)
{
	struct kshm_info *i = (void *)mem;
	bool zero = true;
	size_t n;

	memset(mem, 0, size);
	i->struct_size = size;
	mem[size] = 1;		/* is no part of it */
	ok(!ioctl(fd, KSHM_IOC_INFO, mem),
	   "INFO with %zu bytes and a zero tail succeeds", size);
	is(i->struct_size, sizeof(*i),
	   "INFO with %zu bytes returns the size that the driver supports",
	   size);
	is(i->size, lseek(fd, 0, SEEK_END),
	   "INFO with %zu bytes fills in the known fields", size);
	for (n = sizeof(*i); n < size; n++)
		zero = zero && !mem[n];
	ok(zero, "INFO with %zu bytes leaves the tail zero", size);

	unknown_field(mem, size, sizeof(*i));
	unknown_field(mem, size, size - 1);
}

static void large_structures(void)
{
	size_t page = PAGE;
	char *mem = anon(2 * page);
	struct kshm_info *i = (void *)mem;

	large_structure(mem, sizeof(*i) + 1);
	large_structure(mem, sizeof(*i) + 64);
	large_structure(mem, page);

	memset(mem, 0, 2 * page);

	i->struct_size = page + 1;
	fails(ioctl(fd, KSHM_IOC_INFO, i), E2BIG,
	      "INFO with more than a page: E2BIG");
	i->struct_size = 0xffffffff;
	fails(ioctl(fd, KSHM_IOC_INFO, i), E2BIG,
	      "INFO with struct_size 2^32 - 1: E2BIG");
	is(i->size, 0, "INFO with struct_size 2^32 - 1 fills in nothing");

	munmap(mem + page, page);
	i = (void *)(mem + page - sizeof(*i));
	i->struct_size = sizeof(*i) + 1;
	fails(ioctl(fd, KSHM_IOC_INFO, i), EFAULT,
	      "INFO with a tail that is not readable: EFAULT");
	munmap(mem, page);
}

static void bad_pointers(void)
{
	size_t page = PAGE;
	char *p = anon(2 * page);
	struct kshm_info *i;

	munmap(p + page, page);
	fails(ioctl(fd, KSHM_IOC_INFO, NULL), EFAULT, "INFO with a NULL pointer: EFAULT");
	fails(ioctl(fd, KSHM_IOC_INFO, (void *)-4096L), EFAULT,
	      "INFO with a kernel address: EFAULT");
	i = (void *)(p + page - 4);
	i->struct_size = sizeof(*i);
	fails(ioctl(fd, KSHM_IOC_INFO, i), EFAULT,
	      "INFO with only struct_size mapped: EFAULT");
	i = (void *)(p + page - offsetof(struct kshm_info, name));
	i->struct_size = sizeof(*i);
	fails(ioctl(fd, KSHM_IOC_INFO, i), EFAULT,
	      "INFO with the name not mapped: EFAULT");
	i = (void *)p;
	i->struct_size = sizeof(*i);
	mprotect(p, page, PROT_READ);
	fails(ioctl(fd, KSHM_IOC_INFO, i), EFAULT,
	      "INFO with read-only memory: EFAULT");
	munmap(p, page);
}

static void access_modes(const char *path)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	int f = xopen(path, O_RDONLY);

	is(info(f).size, lseek(f, 0, SEEK_END),
	   "INFO of a file that is open for reading only");
	close(f);
	f = xopen(path, O_WRONLY);
	is(info(f).size, lseek(f, 0, SEEK_END),
	   "INFO of a file that is open for writing only");
	close(f);
	f = xopen(path, O_PATH);
	fails(ioctl(f, KSHM_IOC_INFO, &i), EBADF, "INFO of an O_PATH file: EBADF");
	close(f);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	diag("%s, %zu-bit program", argv[1], 8 * sizeof(long));
	unknown_commands();
	bad_fields();
	small_structures();
	older_structures();
	large_structures();
	bad_pointers();
	access_modes(argv[1]);
	return tap_done();
}
