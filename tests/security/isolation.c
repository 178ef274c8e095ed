// SPDX-License-Identifier: GPL-2.0-only
/*
 * isolation lay | attack DEVICE | look DEVICE: "lay" fills all buffers with a
 * secret and prints the number of one that is between two others in physical
 * memory. "attack", run by a user with access to that one, tries every call with
 * every kind of offset and length. "look" checks that the other buffers still
 * have their secret.
 */
#include "base.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "device.h"
#include "kernel.h"
#include "pagemap.h"
#include "pattern.h"
#include "uring.h"

#define SECRET		0xee
#define SEED		7
#define MAX_BUFFERS	256
#define MAX_COUNT	0x7ffff000UL	/* of bytes that one call transfers */

static int fd, pipe_fd[2];
static size_t size;
static char *mem;	/* the buffer */
static char *want;	/* what it should contain */
static char *room;	/* the same size and a page, full of 'r' */
static struct uring ring;

/* Used as offsets and as lengths. */
static __u64 numbers[40];
static size_t nr_numbers;

static void make_numbers(void)
{
	const __u64 all[] = {
		0, 1, PAGE - 1, PAGE, size / 2, size - PAGE - 1, size - PAGE,
		size - 1, size, size + 1, size + PAGE, 1ULL << 31,
		4 * GIB - PAGE, 4 * GIB - 1, 4 * GIB, 4 * GIB + 1,
		4 * GIB + size, (1ULL << 44) - PAGE, 1ULL << 44,
		(1ULL << 44) + PAGE, 1ULL << 52, (1ULL << 63) - size,
		(1ULL << 63) - PAGE - 1, (1ULL << 63) - PAGE,
		(1ULL << 63) - 1, 1ULL << 63, (1ULL << 63) + PAGE,
		-size - PAGE, -size, 1 - size, -PAGE - 1, -PAGE, 1 - PAGE, -1,
	};

	memcpy(numbers, all, sizeof(all));
	nr_numbers = ARRAY_SIZE(all);
}

static long do_pread(void *p, size_t len, __u64 off)
{
	return pread(fd, p, len, off);
}

static long do_pwrite(void *p, size_t len, __u64 off)
{
	return pwrite(fd, p, len, off);
}

static long do_preadv(void *p, size_t len, __u64 off)
{
	struct iovec v = { p, len };

	return preadv(fd, &v, 1, off);
}

static long do_pwritev(void *p, size_t len, __u64 off)
{
	struct iovec v = { p, len };

	return pwritev(fd, &v, 1, off);
}

static long do_read(void *p, size_t len, __u64 off)
{
	if (lseek(fd, off, SEEK_SET) < 0)
		return -1;
	return read(fd, p, len);
}

static long do_write(void *p, size_t len, __u64 off)
{
	if (lseek(fd, off, SEEK_SET) < 0)
		return -1;
	return write(fd, p, len);
}

/*
 * A request has 32 bits for the length. The offset -1 means the file position,
 * which read and write try.
 */
static long uring(int op, void *p, size_t len, __u64 off)
{
	long n = uring_do(&ring, op, fd, p, len, off + 1 ? off : off - 1);

	return n < 0 ? -1 : n;
}

static long do_uring_read(void *p, size_t len, __u64 off)
{
	return uring(IORING_OP_READ, p, len, off);
}

static long do_uring_write(void *p, size_t len, __u64 off)
{
	return uring(IORING_OP_WRITE, p, len, off);
}

static long do_splice_read(void *p, size_t len, __u64 off)
{
	loff_t at = off;
	long n = splice(fd, &at, pipe_fd[1], NULL, len, 0);

	if (n > 0 && read(pipe_fd[0], p, n) != n)
		bail("the pipe does not have what was spliced");
	return n;
}

static long do_splice_write(void *p, size_t len, __u64 off)
{
	size_t rest = len < size ? len : size;
	loff_t at = off;
	char *drain = p;
	long n, m;

	if (rest && write(pipe_fd[1], p, rest) != (long)rest)
		bail("write to a pipe");
	n = splice(pipe_fd[0], NULL, fd, &at, len, 0);
	rest -= n > 0 ? n : 0;
	while (rest) {
		m = read(pipe_fd[0], drain, rest);
		if (m <= 0)
			bail("drain a pipe");
		rest -= m;
	}
	return n;
}

/*
 * Whether @got is a correct result of a call, -1 for an error. For a length that
 * no call can transfer, or an end after 2^63, an error and a short transfer are
 * both correct.
 */
static bool is_right(long got, size_t len, __u64 off, bool writes)
{
	__u64 end = (1ULL << 63) - 1;
	long n;

	if (off > end)
		return got == -1 || (!len && !got);
	if (!len)
		return got == 0 || (got == -1 && off > size);
	if (off >= size)
		return got == -1 || (!writes && got == 0);
	n = len < size - off ? len : size - off;
	return got == n || (got == -1 && len > MAX_COUNT);
}

static void sweep(const char *name, long (*call)(void *, size_t, __u64),
		  bool writes, __u64 longest)
{
	unsigned int wrong = 0, done = 0, moved = 0;
	size_t i, j;

	for (i = 0; i < nr_numbers; i++) {
		for (j = 0; j < nr_numbers; j++) {
			__u64 off = numbers[i];
			size_t len = numbers[j] & longest;
			long n = call(room, len, off);
			bool good = is_right(n, len, off, writes);

			done++;
			if (good && n > 0 && writes) {
				memset(want + off, 'r', n);
				good = !memcmp(mem, want, size);
				fill(want, size, SEED);
				memcpy(mem, want, size);
			} else if (good && n > 0) {
				good = !memcmp(room, want + off, n);
				memset(room, 'r', n);
			}
			good = good && all_bytes_are(room, size + PAGE, 'r');
			moved += n > 0;
			wrong += !good;
			if (!good && wrong < 5)
				diag("%s of %#zx at %#llx: %ld", name, len, off,
				     n);
			if (!good) {
				memset(room, 'r', size + PAGE);
				memcpy(mem, want, size);
			}
		}
	}
	ok(memcmp(mem, want, size) == 0, "%s: the buffer has the right contents", name);
	ok(moved > 20, "%s: %u of %u calls transfer bytes", name, moved, done);
	is(wrong, 0, "%s: calls with a wrong effect or result", name);
}

static sigjmp_buf back;

static void caught(int sig)
{
	siglongjmp(back, sig);
}

/* The signal that a load raises, or 0. */
static int load(const char *p)
{
	int sig = sigsetjmp(back, 1);

	if (!sig)
		touch(p, 1);
	return sig;
}

static void maps(void)
{
	unsigned int wrong = 0, made = 0;
	size_t i, j;

	for (i = 0; i < nr_numbers; i++) {
		for (j = 0; j < nr_numbers; j++) {
			__u64 off = numbers[i] & -PAGE, len = numbers[j];
			bool fits = len && off < size && len <= size - off;
			char *p = (char *)syscall(SYS_mmap, NULL, len,
						  PROT_READ | PROT_WRITE,
						  MAP_SHARED, fd, off);
			bool good = fits == (p != MAP_FAILED);

			if (p != MAP_FAILED) {
				made++;
				good = good && !memcmp(p, want + off, len);
				munmap(p, len);
			}
			wrong += !good;
			if (!good && wrong < 5)
				diag("mmap of %#llx at %#llx", len, off);
		}
	}
	ok(made > 20, "mmap: %u calls succeed", made);
	is(wrong, 0, "mmap: calls with a wrong effect or result");
}

/* A mapping must not grow beyond the buffer. */
static void growth(void)
{
	char *area = anon(4 * size), *p = area + size, *q;
	size_t i;
	int grown = 0;

	munmap(area, 4 * size);
	for (i = 0; i < nr_numbers; i++) {
		size_t len = numbers[i];

		p = mmap(p, size, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
		q = mremap(p, size, len, MREMAP_MAYMOVE);
		if (q != MAP_FAILED && len > size)
			grown++;
		if (load(p + size) != SIGSEGV)
			grown++;
		munmap(q == MAP_FAILED ? p : q, size);
	}
	is(grown, 0, "mremap: mappings that grew");

	p = mmap(p, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, size - PAGE);
	fails((long)mremap(p, PAGE, 2 * PAGE, 0), EFAULT,
	      "mremap of the last page to two pages, in place: EFAULT");
	fails((long)mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   p + size), EFAULT,
	      "mremap of the last page to two pages, moved: EFAULT");
	fails((long)mremap(p, 0, PAGE, MREMAP_MAYMOVE), EFAULT,
	      "mremap of 0 bytes: EFAULT");
	ok(!memcmp(p, want + size - PAGE, PAGE),
	   "the mapping of the last page is unchanged");
	is(load(p + PAGE), SIGSEGV,
	   "load after the mapping of the last page: SIGSEGV");
	munmap(p, PAGE);
}

/* An old call that maps another page of the file at an address. */
static void remap_pages(void)
{
	unsigned int wrong = 0, moved = 0;
	size_t i;
	char *p;

	for (i = 0; i < nr_numbers; i++) {
		size_t page = numbers[i] / PAGE;
		bool fits = numbers[i] < size;

		p = map(fd, 2 * PAGE, 0);
		if (remap_file_pages(p, PAGE, 0, page, 0)) {
			wrong += fits;
			wrong += !load(p) && memcmp(p, want, PAGE);
		} else {
			moved++;
			wrong += !fits || load(p) ||
				 memcmp(p, want + page * PAGE, PAGE);
		}
		munmap(p, 2 * PAGE);
	}
	ok(moved > 5, "remap_file_pages: %u calls succeed", moved);
	is(wrong, 0, "remap_file_pages: calls with a wrong effect or result");
}

/* Calls that would go on after the end of a mapping. */
static void across_the_end(void)
{
	struct iovec here = { room, 2 * PAGE }, there;
	int self = xopen("/proc/self/mem", O_RDWR);
	char *area = anon(2 * size);
	char *p = mmap(area, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_FIXED, fd, 0);
	char *last = p + size - PAGE;
	long n, page = PAGE;

	munmap(area + size, size);
	there.iov_base = last;
	there.iov_len = 2 * PAGE;
	n = process_vm_readv(getpid(), &here, 1, &there, 1, 0);
	ok(n == page || n == -1, "process_vm_readv across the end: %ld", n);
	n = process_vm_writev(getpid(), &here, 1, &there, 1, 0);
	ok(n == page || n == -1, "process_vm_writev across the end: %ld", n);
	n = pread(self, room, 2 * PAGE, (uintptr_t)last);
	ok(n == page || n == -1, "read of /proc/self/mem across the end: %ld", n);
	n = pwrite(self, room, 2 * PAGE, (uintptr_t)last);
	ok(n == page || n == -1, "write to /proc/self/mem across the end: %ld", n);
	n = vmsplice(pipe_fd[1], &there, 1, 0);
	ok(n == page || n == -1, "vmsplice across the end: %ld", n);
	if (n > 0)
		(void)!read(pipe_fd[0], room, n);
	fails(pread(self, room, 8, (uintptr_t)p + size), EIO,
	      "read of /proc/self/mem after the end: EIO");
	memcpy(mem, want, size);
	close(self);
	munmap(p, size);
}

static void copies(void)
{
	int other = xopen("/mnt/user/outside", O_RDWR | O_CREAT | O_TRUNC);
	long n, page = PAGE;
	loff_t off = size - page;

	fails(copy_file_range(fd, &off, other, NULL, 2 * PAGE, 0), EINVAL,
	      "copy_file_range from the buffer: EINVAL");
	if (pwrite(other, room, 2 * page, 0) != 2 * page)
		bail("write to a file");
	lseek(other, 0, SEEK_SET);
	fails(copy_file_range(other, NULL, fd, &off, 2 * PAGE, 0), EINVAL,
	      "copy_file_range to the buffer: EINVAL");
	n = sendfile(other, fd, &off, 2 * PAGE);
	ok(n == page || (n == -1 && kernel() < 600),
	   "sendfile across the end: %ld", n);
	off = 4 * GIB;
	n = sendfile(other, fd, &off, PAGE);
	ok(n == 0 || n == -1, "sendfile at 4 GiB: %ld", n);
	unlink("/mnt/user/outside");
	close(other);
	ok(!memcmp(mem, want, size),
	   "copy_file_range and sendfile do not change the buffer");
}

static int attack(const char *path)
{
	signal(SIGSEGV, caught);
	signal(SIGBUS, caught);
	fd = xopen(path, O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	mem = map(fd, size, 0);
	want = anon(size);
	room = anon(size + PAGE);
	memset(room, 'r', size + PAGE);
	fill(want, size, SEED);
	fill(mem, size, SEED);
	make_numbers();
	if (pipe(pipe_fd) || !uring_open(&ring))
		bail("pipe, io_uring");

	sweep("pread", do_pread, false, -1);
	sweep("pwrite", do_pwrite, true, -1);
	sweep("preadv", do_preadv, false, -1);
	sweep("pwritev", do_pwritev, true, -1);
	sweep("lseek and read", do_read, false, -1);
	sweep("lseek and write", do_write, true, -1);
	sweep("splice out", do_splice_read, false, -1);
	sweep("splice in", do_splice_write, true, -1);
	sweep("io_uring read", do_uring_read, false, UINT32_MAX);
	sweep("io_uring write", do_uring_write, true, UINT32_MAX);
	maps();
	growth();
	remap_pages();
	across_the_end();
	copies();
	return tap_done();
}

/* Open a device by its number and map all of it. */
static char *whole(int minor, struct kshm_info *i)
{
	char path[32], *p;
	int f;

	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	f = open(path, O_RDWR);
	if (f < 0)
		return NULL;
	*i = info(f);
	p = map(f, i->size, 0);
	close(f);
	return p;
}

static int lay(void)
{
	static struct kshm_info all[MAX_BUFFERS];
	int n, i, j, before, after, middle = -1;
	char *p;

	for (n = 0; n < MAX_BUFFERS; n++) {
		p = whole(n, &all[n]);
		if (!p)
			break;
		memset(p, SECRET, all[n].size);
		munmap(p, all[n].size);
	}
	for (i = 0; i < n && middle < 0; i++) {
		for (j = 0, before = -1, after = -1; j < n; j++) {
			if (all[j].phys_addr + all[j].size == all[i].phys_addr)
				before = j;
			if (all[i].phys_addr + all[i].size == all[j].phys_addr)
				after = j;
		}
		if (before >= 0 && after >= 0)
			middle = i;
	}
	printf("%d\n", middle);
	return 0;
}

static int look(const char *path)
{
	int n, others = 0, lost = 0;
	struct kshm_info i;
	char name[32], *p;

	for (n = 0; (p = whole(n, &i)); n++) {
		snprintf(name, sizeof(name), "/dev/kshm%d", n);
		if (strcmp(name, path)) {
			others++;
			lost += !all_bytes_are(p, i.size, (char)SECRET);
		}
		munmap(p, i.size);
	}
	ok(others > 1, "there are %d other buffers", others);
	is(lost, 0, "buffers whose secret was overwritten");
	return tap_done();
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "lay"))
		return lay();
	if (argc == 3 && !strcmp(argv[1], "attack"))
		return attack(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "look"))
		return look(argv[2]);
	return 2;
}
