// SPDX-License-Identifier: GPL-2.0-only
/*
 * carveout DEVICE ADDRESS SIZE: such a buffer has no struct pages: it can be
 * mapped, read and written, and the kernel takes no pages of it.
 */
#include "guest.h"
#include "uring.h"

#include <linux/futex.h>
#include <sys/uio.h>

static int fd;
static size_t size;
static __u64 base;

/*
 * Whether a part of a mapping is that part of the buffer: each word of the
 * buffer differs, and read() does not use the mapping. (The kernel's pagemap
 * leaves out memory without struct pages.)
 */
static bool in_place(const char *p, size_t len, size_t off)
{
	char *room = anon(len);
	bool same = pread(fd, room, len, off) == (ssize_t)len &&
		    !memcmp(p, room, len);

	munmap(room, len);
	return same;
}

static void values(int minor)
{
	struct kshm_info i = info(fd);
	char text[32];

	snprintf(text, sizeof(text), "%#llx", base);
	is_str(attr(minor, "phys_addr"), text, "phys_addr");
	is(i.phys_addr, base, "phys_addr by ioctl");
	is(i.size, size, "size");
	is_str(attr(minor, "backing"), "carveout", "backing");
	is(i.backing, KSHM_BACKING_CARVEOUT, "backing by ioctl");
	is_str(attr(minor, "folio_size"), "4096", "folio_size");
	is(i.folio_size, PAGE, "folio_size by ioctl");
	is_str(attr(minor, "node"), "-1", "node: not known");
	is(i.node, -1, "node by ioctl");
}

static void share(void)
{
	char *p = map(fd, size, 0), *room = anon(size);
	pid_t pid;

	ok(zero(p, size), "zeroed");
	touch(p, size);
	is(phys_page(p), 0, "not in pagemap");
	is(smaps_sum(p, size, "FilePmdMapped"), 0, "no 2 MiB entries");
	fill(p, size, 1);
	is(pread(fd, room, size, 0), size, "read");
	ok(filled(room, size, 1), "gets the bytes");
	fill(room, size, 2);
	is(pwrite(fd, room, size, 0), size, "write");
	ok(filled(p, size, 2), "puts the bytes");
	is(pread(fd, room, 100, size), 0, "read at the end");
	fails(pwrite(fd, room, 100, size), ENOSPC, "write at the end");
	is(pread(fd, room, 100, size - 7), 7, "read across the end");
	pid = fork();
	if (!pid) {
		bool same = filled(p, size, 2);

		fill(p, size, 3);
		_exit(same ? 0 : 1);
	}
	is(child_status(pid), 0, "a child sees the bytes");
	ok(filled(p, size, 3), "the parent sees what it wrote");
	munmap(p, size);
	munmap(room, size);
}

static void bounds(void)
{
	char *p;

	fails((long)mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "mmap of a page too much");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, size), EINVAL,
	      "mmap behind the end");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), EINVAL,
	      "MAP_PRIVATE");
	fails((long)mmap(NULL, PAGE, PROT_EXEC, MAP_SHARED, fd, 0), EPERM,
	      "PROT_EXEC");
	p = map(fd, PAGE, size - PAGE);
	ok(in_place(p, PAGE, size - PAGE), "the last page alone");
	fails((long)mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap to grow");
	fails(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES,
	      "mprotect to exec");
	munmap(p, PAGE);
}

/* A mapping changed in parts stays what it was. */
static void changes(int minor)
{
	size_t half = size / 2;
	char *p, *q;

	if (size < 8 * PAGE)
		return;
	p = map(fd, size, 0);
	munmap(p + half, PAGE);
	ok(in_place(p, half, 0), "partial munmap: the first piece");
	ok(in_place(p + half + PAGE, half - PAGE, half + PAGE),
	   "partial munmap: the second piece");
	ok(!mprotect(p, PAGE, PROT_READ) &&
	   !mprotect(p, PAGE, PROT_READ | PROT_WRITE), "mprotect and back");
	q = anon(4 * PAGE);
	ok(mremap(p + PAGE, 2 * PAGE, 2 * PAGE,
		  MREMAP_MAYMOVE | MREMAP_FIXED, q) == q, "mremap to move");
	ok(in_place(q, 2 * PAGE, PAGE), "moved");
	fails(madvise(q, 2 * PAGE, MADV_DONTNEED), EINVAL, "MADV_DONTNEED");
	ok(!mlockall(MCL_CURRENT) && !munlockall(), "mlockall");
	ok(in_place(q, 2 * PAGE, PAGE), "in place");
	munmap(q, 4 * PAGE);
	munmap(p, size);
	is(atoi(attr(minor, "mappings")), 0, "all mappings are gone");
}

static void no_pages(void)
{
	char *p = map(fd, PAGE, 0), *room = anon(PAGE);
	struct iovec here = { room, PAGE }, there = { p, PAGE };
	int d = xopen("/mnt/carveout", O_RDWR | O_CREAT | O_DIRECT);
	int mem = xopen("/proc/self/mem", O_RDONLY), pipe_fd[2];
	struct uring u;

	if (pwrite(d, room, PAGE, 0) != PAGE)
		bail("O_DIRECT");
	fails(pread(d, p, PAGE, 0), EFAULT, "O_DIRECT read");
	fails(pwrite(d, p, PAGE, 0), EFAULT, "O_DIRECT write");
	if (pipe(pipe_fd))
		bail("pipe");
	fails(vmsplice(pipe_fd[1], &there, 1, 0), EFAULT, "vmsplice");
	fails(process_vm_readv(getpid(), &here, 1, &there, 1, 0), EFAULT,
	      "process_vm_readv");
	fails(process_vm_writev(getpid(), &here, 1, &there, 1, 0), EFAULT,
	      "process_vm_writev");
	fails(syscall(SYS_futex, p, FUTEX_WAKE, 1, NULL, NULL, 0), EFAULT,
	      "futex");
	fails(pread(mem, room, PAGE, (uintptr_t)p), EIO, "/proc/self/mem");
	if (!uring_open(&u))
		bail("io_uring_setup");
	fails(syscall(SYS_io_uring_register, u.fd, IORING_REGISTER_BUFFERS,
		      &there, 1), EFAULT, "io_uring fixed buffer");
	close(u.fd);
	close(mem);
	close(d);
	unlink("/mnt/carveout");
	/* Through a copy, all of these work. */
	is(write(pipe_fd[1], p, PAGE), PAGE, "write from the mapping");
	is(read(pipe_fd[0], p, PAGE), PAGE, "read to the mapping");
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
	changes(minor);
	no_pages();
	return tap_done();
}
