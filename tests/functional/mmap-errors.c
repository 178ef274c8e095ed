// SPDX-License-Identifier: GPL-2.0-only
/* mmap-errors DEVICE: what cannot be mapped, and what a mapping refuses. */
#include "guest.h"

static int fd;
static size_t size;

static long try_map(size_t len, int prot, int flags, __u64 off)
{
	return syscall(SYS_mmap, NULL, len, prot, flags, fd, off);
}

static void bounds(void)
{
	static const __u64 far[] = {
		4 * GIB, 4 * GIB + PAGE, 1ULL << 44, (1ULL << 63) - 2 * PAGE,
		(1ULL << 63) - PAGE, 1ULL << 63, (1ULL << 63) + PAGE,
		-3 * PAGE, -2 * PAGE,
	};
	static const size_t longer[] = {
		4 * GIB, 4 * GIB + PAGE, 1ULL << 40,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(far); i++)
		fails(try_map(PAGE, PROT_READ, MAP_SHARED, far[i]), EINVAL,
		      "mmap of a page at %#llx", far[i]);
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, -PAGE), EOVERFLOW,
	      "mmap of the last page there can be");
	fails(try_map(2 * PAGE, PROT_READ, MAP_SHARED, -PAGE), EOVERFLOW,
	      "mmap across 2^64");
	fails(try_map(size, PROT_READ, MAP_SHARED, -size), EOVERFLOW,
	      "mmap that ends at 2^64");
	for (i = 0; i < ARRAY_SIZE(longer); i++)
		fails(try_map(longer[i], PROT_READ, MAP_SHARED, 0), EINVAL,
		      "mmap of %#zx bytes", longer[i]);
	fails(try_map(-PAGE, PROT_READ, MAP_SHARED, 0), ENOMEM,
	      "mmap of 2^64 less a page");
	fails(try_map(-1, PROT_READ, MAP_SHARED, 0), ENOMEM,
	      "mmap of 2^64 - 1 bytes");

	fails(try_map(0, PROT_READ, MAP_SHARED, 0), EINVAL, "mmap of nothing");
	fails(try_map(size + 1, PROT_READ, MAP_SHARED, 0), EINVAL,
	      "mmap of a byte too much");
	fails(try_map(size, PROT_READ, MAP_SHARED, PAGE), EINVAL,
	      "mmap that ends a page too late");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, size), EINVAL,
	      "mmap that begins at the end");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, 100), EINVAL,
	      "mmap at no page's beginning");
	ok(try_map(1, PROT_READ, MAP_SHARED, size - PAGE) != -1,
	   "mmap of the last page, by its first byte");
	ok(try_map(size, PROT_READ, MAP_SHARED, 0) != -1, "mmap of all");
}

static void kinds(void)
{
	char *p;

	fails(try_map(PAGE, PROT_READ, MAP_PRIVATE, 0), EINVAL,
	      "MAP_PRIVATE");
	fails(try_map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0), EINVAL,
	      "MAP_PRIVATE to write");
	fails(try_map(PAGE, PROT_READ, 0, 0), EINVAL,
	      "neither shared nor private");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, 0),
	      EOPNOTSUPP, "MAP_SYNC");
	ok(try_map(PAGE, PROT_READ, MAP_SHARED_VALIDATE, 0) != -1,
	   "MAP_SHARED_VALIDATE");

	fails(try_map(PAGE, PROT_EXEC, MAP_SHARED, 0), EPERM, "PROT_EXEC");
	fails(try_map(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, 0),
	      EPERM, "PROT_EXEC and more");
	p = map(fd, size, 0);
	fails(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES,
	      "mprotect to exec");
	fails(mprotect(p, size, PROT_EXEC), EACCES, "mprotect all to exec");
	ok(!mprotect(p, PAGE, PROT_NONE) &&
	   !mprotect(p, PAGE, PROT_READ | PROT_WRITE),
	   "mprotect to nothing and back");
	p[0] = 1;

	fails(remap_file_pages(p, PAGE, 0, size / PAGE, 0), EINVAL,
	      "remap_file_pages outside");
	munmap(p, size);
}

static void growth(void)
{
	char *p = map(fd, PAGE, 0);

	fails((long)mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap to grow inside the buffer");
	fails((long)mremap(p, PAGE, size + PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap to grow outside");
	fails((long)mremap(p, 0, PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap to duplicate");
	p[PAGE - 1] = 1;
	munmap(p, PAGE);
}

static void access_modes(const char *path)
{
	char *p;

	close(fd);
	fd = xopen(path, O_RDONLY);
	fails(try_map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0), EACCES,
	      "read-only file: mmap to write");
	p = (char *)try_map(PAGE, PROT_READ, MAP_SHARED, 0);
	ok(p != MAP_FAILED, "read-only file: mmap to read");
	fails(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES,
	      "read-only file: mprotect to write");
	close(fd);

	fd = xopen(path, O_WRONLY);
	fails(try_map(PAGE, PROT_WRITE, MAP_SHARED, 0), EACCES,
	      "write-only file: mmap to write");
	fails(try_map(PAGE, PROT_READ, MAP_SHARED, 0), EACCES,
	      "write-only file: mmap to read");
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	diag("%s, %zu bytes", argv[1], size);
	bounds();
	kinds();
	growth();
	access_modes(argv[1]);
	return tap_done();
}
