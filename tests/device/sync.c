// SPDX-License-Identifier: GPL-2.0-only
/* sync DEVICE: KSHM_IOC_SYNC with good and bad arguments. */
/* build: also 32-bit */
#include "base.h"

#include "device.h"

static int fd;

static int sync_range(int f, __u64 offset, __u64 len, __u32 direction)
{
	struct kshm_sync sync = {
		.struct_size = sizeof(sync),
		.offset = offset,
		.len = len,
		.direction = direction,
	};

	return ioctl(f, KSHM_IOC_SYNC, &sync);
}

static void ranges(size_t size)
{
	static const __u32 directions[] = {
		KSHM_SYNC_FOR_DEVICE, KSHM_SYNC_FOR_CPU,
	};
	__u32 d;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(directions); n++) {
		d = directions[n];
		is(sync_range(fd, 0, size, d), 0, "direction %u: all", d);
		is(sync_range(fd, 0, 0, d), 0, "direction %u: nothing at the start", d);
		is(sync_range(fd, size, 0, d), 0, "direction %u: nothing at the end", d);
		is(sync_range(fd, size - 1, 1, d), 0, "direction %u: the last byte", d);
		is(sync_range(fd, 1, 3, d), 0, "direction %u: bytes in the middle", d);
		fails(sync_range(fd, 0, size + 1, d), EINVAL,
		      "direction %u: a byte more than the buffer: EINVAL", d);
		fails(sync_range(fd, size, 1, d), EINVAL,
		      "direction %u: a byte after the end: EINVAL", d);
		fails(sync_range(fd, size + 1, 0, d), EINVAL,
		      "direction %u: nothing after the end: EINVAL", d);
		fails(sync_range(fd, 1, -1ULL, d), EINVAL,
		      "direction %u: offset 1, length 2^64 - 1: EINVAL", d);
		fails(sync_range(fd, -1ULL, 1, d), EINVAL,
		      "direction %u: offset 2^64 - 1, length 1: EINVAL", d);
		fails(sync_range(fd, -1ULL, 2, d), EINVAL,
		      "direction %u: offset 2^64 - 1, length 2: EINVAL", d);
	}
}

static void bad_fields(void)
{
	static const __u32 directions[] = { 0, 3, 4, 0x80000000, -1 };
	struct kshm_sync sync = {
		.struct_size = sizeof(sync),
		.direction = KSHM_SYNC_FOR_CPU,
	};
	size_t n;

	for (n = 0; n < ARRAY_SIZE(directions); n++)
		fails(sync_range(fd, 0, 1, directions[n]), EINVAL,
		      "direction %#x: EINVAL", directions[n]);
	sync.flags = 1;
	fails(ioctl(fd, KSHM_IOC_SYNC, &sync), EINVAL, "flags 1: EINVAL");
	sync.flags = 0;
	sync.reserved = 1;
	fails(ioctl(fd, KSHM_IOC_SYNC, &sync), EINVAL, "reserved 1: EINVAL");
	sync.reserved = 0;
	sync.struct_size = sizeof(sync) - 1;
	fails(ioctl(fd, KSHM_IOC_SYNC, &sync), EINVAL, "a smaller structure: EINVAL");
	sync.struct_size = 0;
	fails(ioctl(fd, KSHM_IOC_SYNC, &sync), EINVAL, "struct_size 0: EINVAL");
	fails(ioctl(fd, KSHM_IOC_SYNC, NULL), EFAULT, "a NULL pointer: EFAULT");
}

static void large_structure(void)
{
	struct kshm_sync sync[2] = {
		{ .struct_size = sizeof(sync), .direction = KSHM_SYNC_FOR_CPU },
	};

	is(ioctl(fd, KSHM_IOC_SYNC, sync), 0, "a larger structure with a zero tail");
	sync[1].reserved = 1;
	fails(ioctl(fd, KSHM_IOC_SYNC, sync), E2BIG,
	      "a larger structure with an unknown field: E2BIG");
}

static void access_modes(const char *path, size_t size)
{
	int f = xopen(path, O_RDONLY);

	is(sync_range(f, 0, size, KSHM_SYNC_FOR_CPU), 0,
	   "for the processor, a file that is open for reading only");
	is(sync_range(f, 0, size, KSHM_SYNC_FOR_DEVICE), 0,
	   "for the device, a file that is open for reading only");
	close(f);
	f = xopen(path, O_WRONLY);
	is(sync_range(f, 0, size, KSHM_SYNC_FOR_DEVICE), 0,
	   "for the device, a file that is open for writing only");
	close(f);
}

int main(int argc, char **argv)
{
	size_t size;
	char *p;

	fd = device_open(argc, argv, &size);
	p = map(fd, size, 0);
	memset(p, 0x5a, size);
	ranges(size);
	bad_fields();
	large_structure();
	access_modes(argv[1], size);
	ok(p[0] == 0x5a && !memcmp(p, p + 1, size - 1), "the bytes of the buffer are unchanged");
	return tap_done();
}
