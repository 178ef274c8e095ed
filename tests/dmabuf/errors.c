// SPDX-License-Identifier: GPL-2.0-only
/* errors DEVICE [carveout]: KSHM_IOC_EXPORT with wrong arguments. */
/* build: also 32-bit */
#include "base.h"

#include "dmabuf.h"

static int dev;

static void refused(int err, const char *what, __u64 offset, __u64 len)
{
	fails(export_try(dev, offset, len), err, "%s", what);
}

static void bounds(__u64 size)
{
	refused(EINVAL, "length 0", 0, 0);
	refused(EINVAL, "length 0 at the end", size, 0);
	refused(EINVAL, "length 1", 0, 1);
	refused(EINVAL, "offset 1", 1, PAGE);
	refused(EINVAL, "length of half a page more", 0, PAGE + PAGE / 2);
	refused(EINVAL, "a page more than the buffer", 0, size + PAGE);
	refused(EINVAL, "a page behind the buffer", size, PAGE);
	refused(EINVAL, "the buffer, from its second page on", PAGE, size);
	refused(EINVAL, "length 2^63", 0, 1ULL << 63);
	refused(EINVAL, "offset 2^63", 1ULL << 63, PAGE);
	refused(EINVAL, "the largest length", 0, -PAGE);
	refused(EINVAL, "an end that wraps to 0", -PAGE, PAGE);
	refused(EINVAL, "an end that wraps to a page", -PAGE, 2 * PAGE);
	refused(EINVAL, "a length that wraps to the start", PAGE, -PAGE);
	refused(EINVAL, "offset 2^32", 1ULL << 32, PAGE);
	refused(EINVAL, "length 2^32 and a page", 0, (1ULL << 32) + PAGE);
}

static void structures(void)
{
	char *p = anon(2 * PAGE);
	struct kshm_export *e = (void *)p;
	int fd;

	*e = (struct kshm_export){ .struct_size = sizeof(*e), .len = PAGE };
	e->flags = 2;
	fails(ioctl(dev, KSHM_IOC_EXPORT, e), EINVAL, "flags 2");
	e->flags = 1U << 31;
	fails(ioctl(dev, KSHM_IOC_EXPORT, e), EINVAL, "flags 2^31");
	e->flags = 0;
	e->struct_size = 0;
	fails(ioctl(dev, KSHM_IOC_EXPORT, e), EINVAL, "struct_size 0");
	e->struct_size = sizeof(*e) - 1;
	fails(ioctl(dev, KSHM_IOC_EXPORT, e), EINVAL, "struct_size 23");
	e->struct_size = ~0U;
	fails(ioctl(dev, KSHM_IOC_EXPORT, e), E2BIG, "struct_size 2^32 - 1");
	e->struct_size = 2 * sizeof(*e);
	p[sizeof(*e)] = 1;
	fails(ioctl(dev, KSHM_IOC_EXPORT, e), E2BIG,
	      "an unknown field that is not zero");
	fails(ioctl(dev, KSHM_IOC_EXPORT, NULL), EFAULT, "a NULL pointer");
	munmap(p + PAGE, PAGE);
	e = (void *)(p + PAGE - 8);
	e->struct_size = sizeof(*e);
	fails(ioctl(dev, KSHM_IOC_EXPORT, e), EFAULT,
	      "a structure that is not wholly mapped");
	munmap(p, PAGE);
	fd = xopen("/dev/kshm-alloc", O_RDWR);
	fails(export_try(fd, 0, PAGE), ENOTTY, "KSHM_IOC_EXPORT on kshm-alloc");
	close(fd);
}

int main(int argc, char **argv)
{
	size_t size;

	if (argc == 3) {
		dev = xopen(argv[1], O_RDWR);
		fails(export_try(dev, 0, PAGE), EOPNOTSUPP, "a carveout: EOPNOTSUPP");
		fails(export_try(dev, 0, 0), EINVAL, "length 0 of a carveout: EINVAL");
		return tap_done();
	}
	dev = device_open(argc, argv, &size);
	bounds(size);
	structures();
	return tap_done();
}
