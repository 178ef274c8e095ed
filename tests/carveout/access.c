// SPDX-License-Identifier: GPL-2.0-only
/*
 * access DEVICE ADDRESS SIZE: a carveout can be mapped, read and written. It has
 * no struct pages, so the kernel cannot pin it.
 */
#include "base.h"

#include <linux/futex.h>
#include <sys/uio.h>

#include "device.h"
#include "pagemap.h"
#include "pattern.h"
#include "smaps.h"
#include "uring.h"

static int fd;
static size_t size;
static __u64 base;

static void values(int minor)
{
	struct kshm_info i = info(fd);
	char text[32];

	snprintf(text, sizeof(text), "%#llx", base);
	is_str(attr(minor, "phys_addr"), text, "phys_addr in sysfs");
	is(i.phys_addr, base, "phys_addr in INFO");
	is(i.size, size, "size in INFO");
	is_str(attr(minor, "backing"), "carveout", "backing in sysfs");
	is(i.backing, KSHM_BACKING_CARVEOUT, "backing in INFO");
	snprintf(text, sizeof(text), "%llu", PAGE);
	is_str(attr(minor, "folio_size"), text, "folio_size in sysfs");
	is(i.folio_size, PAGE, "folio_size in INFO");
	is_str(attr(minor, "node"), "-1", "node in sysfs: not known");
	is(i.node, -1, "node in INFO: not known");
}

static void share(void)
{
	char *p = map(fd, size, 0), *room = anon(size);
	pid_t pid;

	ok(zero(p, size), "the carveout is zeroed");
	touch(p, size);
	is(phys_page(p), 0, "pagemap shows no page");
	is(huge_mapped(p, size), 0, "no huge entries map it");
	fill(p, size, 1);
	is(pread(fd, room, size, 0), size, "read of the whole carveout");
	ok(filled(room, size, 1), "read returns the bytes");
	fill(room, size, 2);
	is(pwrite(fd, room, size, 0), size, "write of the whole carveout");
	ok(filled(p, size, 2), "write stores the bytes");
	is(pread(fd, room, 100, size), 0, "read at the end");
	fails(pwrite(fd, room, 100, size), ENOSPC,
	      "write at the end: ENOSPC");
	is(pread(fd, room, 100, size - 7), 7, "read across the end");
	pid = fork();
	if (!pid) {
		bool same = filled(p, size, 2);

		fill(p, size, 3);
		_exit(same ? 0 : 1);
	}
	is(child_status(pid), 0, "a child sees the bytes that were written");
	ok(filled(p, size, 3), "the parent sees what the child stored");
	munmap(p, size);
	munmap(room, size);
}

static void bounds(void)
{
	char *p;

	fails((long)mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "mmap of a page more than the carveout: EINVAL");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, size), EINVAL,
	      "mmap at the end: EINVAL");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), EINVAL,
	      "mmap with MAP_PRIVATE: EINVAL");
	fails((long)mmap(NULL, PAGE, PROT_EXEC, MAP_SHARED, fd, 0), EPERM,
	      "mmap with PROT_EXEC: EPERM");
	p = map(fd, PAGE, size - PAGE);
	ok(same_as_file(fd, p, PAGE, size - PAGE),
	   "a mapping of the last page shows the last page");
	fails((long)mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap to a larger size: EFAULT");
	fails(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES,
	      "mprotect to PROT_EXEC: EACCES");
	munmap(p, PAGE);
}

/* A mapping that is split still shows the right bytes. */
static void split(int minor)
{
	size_t half = size / 2;
	char *p, *q;

	if (size < 8 * PAGE)
		return;
	p = map(fd, size, 0);
	munmap(p + half, PAGE);
	ok(same_as_file(fd, p, half, 0), "munmap of a page: the part before it is right");
	ok(same_as_file(fd, p + half + PAGE, half - PAGE, half + PAGE),
	   "munmap of a page: the part after it is right");
	ok(!mprotect(p, PAGE, PROT_READ) &&
	   !mprotect(p, PAGE, PROT_READ | PROT_WRITE),
	   "mprotect of a page and back succeeds");
	q = anon(4 * PAGE);
	ok(mremap(p + PAGE, 2 * PAGE, 2 * PAGE,
		  MREMAP_MAYMOVE | MREMAP_FIXED, q) == q, "mremap moves two pages");
	ok(same_as_file(fd, q, 2 * PAGE, PAGE), "the moved pages are right");
	fails(madvise(q, 2 * PAGE, MADV_DONTNEED), EINVAL,
	      "MADV_DONTNEED: EINVAL");
	ok(!mlockall(MCL_CURRENT) && !munlockall(), "mlockall succeeds");
	ok(same_as_file(fd, q, 2 * PAGE, PAGE),
	   "the moved pages are right after mlockall");
	munmap(q, 4 * PAGE);
	munmap(p, size);
	is(atoi(attr(minor, "mappings")), 0, "mappings in sysfs after all are unmapped");
}

static void no_struct_pages(void)
{
	char *p = map(fd, PAGE, 0), *room = anon(PAGE);
	struct iovec here = { room, PAGE }, there = { p, PAGE };
	int d = xopen("/mnt/carveout", O_RDWR | O_CREAT | O_DIRECT);
	int pipe_fd[2];
	struct uring u;

	if (pwrite(d, room, PAGE, 0) != (ssize_t)PAGE)
		bail("O_DIRECT");
	fails(pread(d, p, PAGE, 0), EFAULT, "O_DIRECT read to the mapping: EFAULT");
	fails(pwrite(d, p, PAGE, 0), EFAULT,
	      "O_DIRECT write from the mapping: EFAULT");
	if (pipe(pipe_fd))
		bail("pipe");
	fails(vmsplice(pipe_fd[1], &there, 1, 0), EFAULT,
	      "vmsplice: EFAULT");
	fails(process_vm_readv(getpid(), &here, 1, &there, 1, 0), EFAULT,
	      "process_vm_readv: EFAULT");
	fails(process_vm_writev(getpid(), &here, 1, &there, 1, 0), EFAULT,
	      "process_vm_writev: EFAULT");
	fails(syscall(SYS_futex, p, FUTEX_WAKE, 1, NULL, NULL, 0), EFAULT,
	      "futex: EFAULT");
	if (!uring_open(&u))
		bail("io_uring_setup");
	fails(syscall(SYS_io_uring_register, u.fd, IORING_REGISTER_BUFFERS,
		      &there, 1), EFAULT, "io_uring fixed buffer: EFAULT");
	close(u.fd);
	close(d);
	unlink("/mnt/carveout");
	/* Calls that copy work. */
	is(write(pipe_fd[1], p, PAGE), PAGE,
	   "write from the mapping to a pipe");
	is(read(pipe_fd[0], p, PAGE), PAGE,
	   "read from a pipe to the mapping");
	munmap(p, PAGE);
}

int main(int argc, char **argv)
{
	int minor;

	if (argc != 4 || sscanf(argv[1], "/dev/kshm%d", &minor) != 1)
		return 2;
	base = strtoull(argv[2], NULL, 16);
	size = strtoul(argv[3], NULL, 10);
	diag("%s, %zu bytes", argv[1], size);
	fd = xopen(argv[1], O_RDWR);
	values(minor);
	share();
	bounds();
	split(minor);
	no_struct_pages();
	return tap_done();
}
