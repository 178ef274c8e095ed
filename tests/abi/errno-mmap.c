// SPDX-License-Identifier: GPL-2.0-only
/* errno-mmap DEVICE: which mappings fail, and which changes of a mapping fail. */
#include "base.h"

#include "device.h"

static int fd;
static size_t size;

static long try_map(size_t len, int prot, int flags, __u64 off)
{
	return syscall(SYS_mmap, NULL, len, prot, flags, fd, off);
}

static void bounds(void)
{
	const __u64 far[] = {
		4 * GIB, 4 * GIB + PAGE, 1ULL << 44, (1ULL << 63) - 2 * PAGE,
		(1ULL << 63) - PAGE, 1ULL << 63, (1ULL << 63) + PAGE,
		-3 * PAGE, -2 * PAGE,
	};
	const size_t longer[] = {
		4 * GIB, 4 * GIB + PAGE, 1ULL << 40,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(far); i++)
		fails(try_map(PAGE, PROT_READ, MAP_SHARED, far[i]), EINVAL,
		      "mmap of a page at %#llx: EINVAL", far[i]);
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, -PAGE), EOVERFLOW,
	      "mmap of the page that ends at 2^64: EOVERFLOW");
	fails(try_map(2 * PAGE, PROT_READ, MAP_SHARED, -PAGE), EOVERFLOW,
	      "mmap across 2^64: EOVERFLOW");
	fails(try_map(size, PROT_READ, MAP_SHARED, -size), EOVERFLOW,
	      "mmap of the buffer's size that ends at 2^64: EOVERFLOW");
	for (i = 0; i < ARRAY_SIZE(longer); i++)
		fails(try_map(longer[i], PROT_READ, MAP_SHARED, 0), EINVAL,
		      "mmap of %#zx bytes: EINVAL", longer[i]);
	fails(try_map(-PAGE, PROT_READ, MAP_SHARED, 0), ENOMEM,
	      "mmap of 2^64 bytes less a page: ENOMEM");
	fails(try_map(-1, PROT_READ, MAP_SHARED, 0), ENOMEM,
	      "mmap of 2^64 - 1 bytes: ENOMEM");

	fails(try_map(0, PROT_READ, MAP_SHARED, 0), EINVAL,
	      "mmap of 0 bytes: EINVAL");
	fails(try_map(size + 1, PROT_READ, MAP_SHARED, 0), EINVAL,
	      "mmap of a byte more than the buffer: EINVAL");
	fails(try_map(size, PROT_READ, MAP_SHARED, PAGE), EINVAL,
	      "mmap of the buffer's size from its second page on: EINVAL");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, size), EINVAL,
	      "mmap of a page at the end of the buffer: EINVAL");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, 100), EINVAL,
	      "mmap at offset 100: EINVAL");
	ok(try_map(1, PROT_READ, MAP_SHARED, size - PAGE) != -1,
	   "mmap of one byte in the last page succeeds");
	ok(try_map(size, PROT_READ, MAP_SHARED, 0) != -1, "mmap of the whole buffer succeeds");
}

static void flags_and_protection(void)
{
	char *p;

	fails(try_map(PAGE, PROT_READ, MAP_PRIVATE, 0), EINVAL,
	      "mmap with MAP_PRIVATE: EINVAL");
	fails(try_map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0), EINVAL,
	      "writable mmap with MAP_PRIVATE: EINVAL");
	fails(try_map(PAGE, PROT_READ, 0, 0), EINVAL,
	      "mmap that is neither shared nor private: EINVAL");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, 0),
	      EOPNOTSUPP, "mmap with MAP_SYNC: EOPNOTSUPP");
	ok(try_map(PAGE, PROT_READ, MAP_SHARED_VALIDATE, 0) != -1,
	   "mmap with MAP_SHARED_VALIDATE succeeds");

	fails(try_map(PAGE, PROT_EXEC, MAP_SHARED, 0), EPERM,
	      "mmap with PROT_EXEC: EPERM");
	fails(try_map(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, 0),
	      EPERM, "mmap with PROT_READ, PROT_WRITE, PROT_EXEC: EPERM");
	p = map(fd, size, 0);
	fails(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES,
	      "mprotect of a page to PROT_READ, PROT_EXEC: EACCES");
	fails(mprotect(p, size, PROT_EXEC), EACCES,
	      "mprotect of the whole mapping to PROT_EXEC: EACCES");
	ok(!mprotect(p, PAGE, PROT_NONE) &&
	   !mprotect(p, PAGE, PROT_READ | PROT_WRITE),
	   "mprotect to PROT_NONE and back succeeds");
	p[0] = 1;

	fails(remap_file_pages(p, PAGE, 0, size / PAGE, 0), EINVAL,
	      "remap_file_pages to a page after the end: EINVAL");
	munmap(p, size);
}

static void growth(void)
{
	char *p = map(fd, PAGE, 0);

	fails((long)mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap to two pages of a larger buffer: EFAULT");
	fails((long)mremap(p, PAGE, size + PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap to more than the buffer: EFAULT");
	fails((long)mremap(p, 0, PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap of 0 bytes, to duplicate the mapping: EFAULT");
	p[PAGE - 1] = 1;
	munmap(p, PAGE);
}

static void access_modes(const char *path)
{
	char *p;

	close(fd);
	fd = xopen(path, O_RDONLY);
	fails(try_map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0), EACCES,
	      "read-only file: writable mmap: EACCES");
	p = (char *)try_map(PAGE, PROT_READ, MAP_SHARED, 0);
	ok(p != MAP_FAILED, "read-only file: readable mmap succeeds");
	fails(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES,
	      "read-only file: mprotect to writable: EACCES");
	close(fd);

	fd = xopen(path, O_WRONLY);
	fails(try_map(PAGE, PROT_WRITE, MAP_SHARED, 0), EACCES,
	      "write-only file: writable mmap: EACCES");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, 0), EACCES,
	      "write-only file: readable mmap: EACCES");
	close(fd);
}

int main(int argc, char **argv)
{
	fd = device_open(argc, argv, &size);
	bounds();
	flags_and_protection();
	growth();
	access_modes(argv[1]);
	return tap_done();
}
