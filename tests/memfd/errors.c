// SPDX-License-Identifier: GPL-2.0-only
/* errors: wrong calls on /dev/kshm-alloc, and what cannot be had. */
/* build: also 32-bit */
#include "base.h"

#include <sys/resource.h>

#include "memfd.h"

static int node;

static int alloc(struct kshm_alloc *a)
{
	return ioctl(node, KSHM_IOC_ALLOC, a);
}

static void commands(void)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	struct kshm_alloc a = alloc_request(PAGE);
	int dev = xopen("/dev/kshm0", O_RDWR), fd = memfd(PAGE);
	char c;

	fails(ioctl(node, KSHM_IOC_INFO, &i), ENOTTY, "INFO on kshm-alloc");
	fails(ioctl(node, KSHM_IOC_NOTIFY, 0), ENOTTY, "NOTIFY on kshm-alloc");
	fails(ioctl(dev, KSHM_IOC_ALLOC, &a), ENOTTY, "ALLOC on a device");
	fails(ioctl(fd, KSHM_IOC_ALLOC, &a), ENOTTY, "ALLOC on a memfd");
	fails(read(node, &c, 1), EINVAL, "read() on kshm-alloc");
	ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, node, 0) == MAP_FAILED &&
	   errno == ENODEV, "mmap() of kshm-alloc");
	ok(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED &&
	   errno == EINVAL, "a private mapping of a memfd");
	ok(mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED &&
	   errno == EINVAL, "a mapping beyond the end of a memfd");
	close(dev);
	close(fd);
}

static void refused(int err, const char *what, struct kshm_alloc a)
{
	fails(alloc(&a), err, "%s", what);
}

#define WITH(field, value)						\
({									\
	struct kshm_alloc with_ = alloc_request(PAGE);			\
									\
	with_.field = value;						\
	with_;								\
})

static void fields(void)
{
	char *p = anon(2 * PAGE);
	struct kshm_alloc *a = (void *)p;

	refused(EINVAL, "flags 2", WITH(flags, 2));
	refused(EINVAL, "flags 2^31", WITH(flags, 1U << 31));
	refused(EINVAL, "reserved 1", WITH(reserved, 1));
	refused(EINVAL, "size 0", WITH(size, 0));
	refused(ERANGE, "size 2^63", WITH(size, 1ULL << 63));
	refused(ERANGE, "size 2^64 - 1", WITH(size, ~0ULL));
	refused(EINVAL, "align 3", WITH(align, 3));
	refused(EINVAL, "addr_bits 23", WITH(addr_bits, 23));
	refused(EINVAL, "addr_bits 65", WITH(addr_bits, 65));
	refused(EINVAL, "node -2", WITH(node, -2));
	refused(EINVAL, "node 1000", WITH(node, 1000));
	refused(EINVAL, "cache 3", WITH(cache, 3));
	refused(EINVAL, "addr_max below the size", WITH(addr_max, PAGE - 2));
	refused(EINVAL, "struct_size 0", WITH(struct_size, 0));
	refused(EINVAL, "struct_size 63",
		WITH(struct_size, sizeof(struct kshm_alloc) - 1));
	refused(E2BIG, "struct_size 2^32 - 1", WITH(struct_size, ~0U));
	fails(ioctl(node, KSHM_IOC_ALLOC, NULL), EFAULT, "a NULL pointer");

	*a = WITH(struct_size, 2 * sizeof(*a));
	p[sizeof(*a)] = 1;
	fails(alloc(a), E2BIG, "an unknown field that is not zero");
	p[sizeof(*a)] = 0;
	ok(!close(alloc(a)), "one that is zero");
	munmap(p + PAGE, PAGE);
	a = (void *)(p + PAGE - 8);
	a->struct_size = sizeof(*a);
	fails(alloc(a), EFAULT, "a structure that is not wholly mapped");
	munmap(p, PAGE);
}

static void too_much(void)
{
	unsigned long long kernel = strtoull(RAM_TEXT, NULL, 0);
	struct kshm_alloc a;
	int i, fd = -1;
	long long limit;

	limit = strtoll(slurp(ALLOC_SYSFS "limit"), NULL, 10);
	refused(EDQUOT, "a byte above the limit", alloc_request(limit + 1));
	is(memfd_used(), 0, "used after it");

	/* Of 256 MiB, among which the kernel has pages that stay. */
	a = alloc_request(240 * MIB);
	a.addr_min = kernel;
	a.addr_max = kernel + 256 * MIB - 1;
	fails(alloc(&a), ENOMEM, "240 MiB of 256 MiB");
	ok(a.size < 240 * MIB && !(a.size % PAGE),
	   "size is what would succeed: %llu", a.size);
	is(memfd_used(), 0, "used after it");
	/* Others may take a page of it meanwhile; then size is a smaller one. */
	for (i = 0; fd < 0 && a.size && i < 5; i++)
		fd = alloc(&a);
	ok(fd >= 0, "it does");
	close(fd);
}

static void no_descriptor(void)
{
	struct rlimit old, none;
	struct kshm_alloc a = alloc_request(PAGE);

	getrlimit(RLIMIT_NOFILE, &old);
	none = old;
	none.rlim_cur = node + 1;
	setrlimit(RLIMIT_NOFILE, &none);
	fails(alloc(&a), EMFILE, "no descriptor is free");
	setrlimit(RLIMIT_NOFILE, &old);
	is(memfd_used(), 0, "used after it");
}

int main(void)
{
	node = xopen(ALLOC_NODE, O_RDWR);
	commands();
	fields();
	too_much();
	no_descriptor();
	close(node);
	return tap_done();
}
