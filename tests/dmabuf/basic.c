// SPDX-License-Identifier: GPL-2.0-only
/*
 * basic: parts of a buffer as dma-bufs: their bytes, their mappings, their mode,
 * and how long they live. The module is loaded, without a buffer.
 */
/* build: also 32-bit */
#include "base.h"

#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/uio.h>

#include "clock.h"
#include "dmabuf.h"
#include "kernel.h"
#include "memfd.h"
#include "smaps.h"
#include "unplug.h"

#define LEN	(8 * MIB)

static int dev, minor;

/* mmap() of a dma-buf: 0, or -1 with errno. */
static int try_map(int dmabuf, size_t len, off_t off, int prot, int flags)
{
	void *p = mmap(NULL, len, prot, flags, dmabuf, off);

	if (p == MAP_FAILED)
		return -1;
	munmap(p, len);
	return 0;
}

static void refused_mappings(int dmabuf, size_t len)
{
	const int rw = PROT_READ | PROT_WRITE;

	fails(try_map(dmabuf, len + PAGE, 0, rw, MAP_SHARED), EINVAL,
	      "a mapping that is a page too long");
	fails(try_map(dmabuf, len, PAGE, rw, MAP_SHARED), EINVAL,
	      "a mapping that begins a page too late");
	fails(try_map(dmabuf, PAGE, len, rw, MAP_SHARED), EINVAL,
	      "a mapping that begins at the end");
	fails(try_map(dmabuf, PAGE, 0, rw, MAP_PRIVATE), EINVAL,
	      "a private mapping");
	fails(try_map(dmabuf, PAGE, 0, rw | PROT_EXEC, MAP_SHARED), EPERM,
	      "an executable mapping");
	is(atoi(attr(minor, "mappings")), 2, "mappings of the buffer after that");
}

/*
 * remap_file_pages() maps the file of a mapping at another offset. When it fails
 * there may be no mapping left. Returns the errno, 0 for success.
 */
static int remap(int dmabuf, size_t len, size_t pgoff)
{
	char *q = map(dmabuf, len, 0);
	int err = 0;

	if (syscall(SYS_remap_file_pages, q, (size_t)PAGE, 0, pgoff, 0))
		err = errno;
	else if (memcmp(q, q + PAGE, PAGE))
		err = EIO;
	munmap(q, len);
	return err;
}

static void remapped(int dmabuf, size_t len, size_t first)
{
	is(remap(dmabuf, len, first + 1), 0,
	   "remap_file_pages() maps the second page twice");
	is(remap(dmabuf, len, first - 1), EINVAL,
	   "remap_file_pages() of the page before the part");
	is(remap(dmabuf, len, first + len / PAGE), EINVAL,
	   "remap_file_pages() of the page behind it");
	is(remap(dmabuf, len, -1), EINVAL,
	   "remap_file_pages() of the last page of all");
}

static void window(char *p, size_t first, size_t nr)
{
	int dmabuf = export(dev, first * PAGE, nr * PAGE);
	size_t len = nr * PAGE;
	char *q;

	diag("%zu pages from page %zu on", nr, first);
	is(lseek(dmabuf, 0, SEEK_END), len, "size by lseek()");
	q = map(dmabuf, len, 0);
	ok(!memcmp(p + first * PAGE, q, len), "the mapping has the bytes of this part");
	memset(q, 0x5a, len);
	ok(all_bytes_are(p + first * PAGE, len, 0x5a),
	   "the device has what is written to the mapping");
	ok(p[first * PAGE - 1] != 0x5a && p[first * PAGE + len] != 0x5a,
	   "the bytes before and behind it are unchanged");
	fill(p, LEN, 1);
	munmap(q, len);
	q = map(dmabuf, PAGE, len - PAGE);
	ok(!memcmp(p + first * PAGE + len - PAGE, q, PAGE),
	   "a mapping at an offset has the bytes from there on");
	refused_mappings(dmabuf, len);
	munmap(q, PAGE);
	remapped(dmabuf, len, first);
	close(dmabuf);
}

/* Huge entries for a part that begins at @off, at an address that suits them. */
static void huge_entries(char *p, size_t off, size_t want)
{
	size_t len = LEN - off;
	int dmabuf = export(dev, off, len);
	char *room = anon(len + 2 * HUGE), *at = huge_aligned(room) + off % HUGE;
	char *q = mmap(at, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		       dmabuf, 0);

	if (q == MAP_FAILED)
		bail("mmap of a dma-buf");
	close(dmabuf);
	touch(q, len);
	is(huge_mapped(q, len), want, "bytes that huge entries map, of a part from %zu on",
	   off);
	ok(!memcmp(p + off, q, len), "the mapping has the bytes of the device");
	munmap(room, len + 2 * HUGE);
}

/* A kernel may lack the call with times of 32 bits. */
#ifdef SYS_futex_time64
#define FUTEX_CALL	SYS_futex_time64
#else
#define FUTEX_CALL	SYS_futex
#endif

static long futex(char *addr, int op, int value)
{
	return syscall(FUTEX_CALL, addr, op, value, NULL, NULL, 0);
}

/* A futex is the same one by the device and by a dma-buf of it. */
static void futexes(char *p)
{
	int dmabuf = export(dev, 2 * PAGE, PAGE);
	char *q = map(dmabuf, PAGE, 0);
	long woken = 0;
	pid_t pid;
	int i;

	memset(q, 0, PAGE);
	fflush(NULL);
	pid = fork();
	if (!pid)
		_exit(futex(q, FUTEX_WAIT, 0) ? 1 : 0);
	for (i = 0; i < 500 && !woken; i++) {
		nap_ms(10);
		woken = futex(p + 2 * PAGE, FUTEX_WAKE, 1);
	}
	is(woken, 1, "a wake-up through the device reaches a waiter at the dma-buf");
	if (woken != 1)
		kill(pid, SIGKILL);
	is(child_status(pid), 0, "status of the waiter");
	fill(p, LEN, 1);
	munmap(q, PAGE);
	close(dmabuf);
}

/* The kernel uses the pages of a mapping. */
static void pinned(char *p)
{
	int dmabuf = export(dev, PAGE, 2 * PAGE), ends[2];
	char *q = map(dmabuf, 2 * PAGE, 0), *room = anon(PAGE);
	struct iovec iov = { q, PAGE };

	if (pipe2(ends, O_CLOEXEC))
		bail("pipe");
	is(vmsplice(ends[1], &iov, 1, 0), PAGE, "vmsplice() of a page of the mapping");
	munmap(q, 2 * PAGE);
	close(dmabuf);
	is(read(ends[0], room, PAGE), PAGE, "read() from the pipe");
	ok(!memcmp(room, p + PAGE, PAGE), "the pipe has the bytes of the page");
	munmap(room, PAGE);
	close(ends[0]);
	close(ends[1]);
}

static void synced(void)
{
	static const __u64 how[] = {
		DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE, DMA_BUF_SYNC_RW,
	};
	int dmabuf = export(dev, 0, LEN);
	struct pollfd pfd = { .fd = dmabuf, .events = POLLIN | POLLOUT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(how); i++) {
		is(dmabuf_sync(dmabuf, DMA_BUF_SYNC_START | how[i]), 0,
		   "DMA_BUF_IOCTL_SYNC, start, %llu", how[i]);
		is(dmabuf_sync(dmabuf, DMA_BUF_SYNC_END | how[i]), 0,
		   "DMA_BUF_IOCTL_SYNC, end, %llu", how[i]);
	}
	fails(dmabuf_sync(dmabuf, 0), EINVAL, "DMA_BUF_IOCTL_SYNC, 0");
	is(poll(&pfd, 1, 0), 1, "poll() does not wait");
	is(pfd.revents, POLLIN | POLLOUT, "poll() finds it ready");
	close(dmabuf);
}

static void read_only(const char *path)
{
	int fd = xopen(path, O_RDONLY), dmabuf = export(fd, 0, LEN);
	char *q = mmap(NULL, LEN, PROT_READ, MAP_SHARED, dmabuf, 0);

	is(fcntl(dmabuf, F_GETFL) & O_ACCMODE, O_RDONLY,
	   "mode of a dma-buf of a file that is open for reading");
	ok(q != MAP_FAILED && filled(q, LEN, 1), "it can be mapped for reading");
	fails(mprotect(q, LEN, PROT_READ | PROT_WRITE), EACCES,
	      "mprotect() to write");
	fails(try_map(dmabuf, LEN, 0, PROT_READ | PROT_WRITE, MAP_SHARED), EACCES,
	      "a writable mapping");
	munmap(q, LEN);
	close(dmabuf);
	close(fd);

	fd = xopen(path, O_WRONLY);
	fails(export_try(fd, 0, LEN), EACCES,
	      "a dma-buf of a file that is open for writing only");
	close(fd);
	dmabuf = export(dev, 0, LEN);
	is(fcntl(dmabuf, F_GETFL) & O_ACCMODE, O_RDWR,
	   "mode of a dma-buf of a file that is open for both");
	close(dmabuf);
}

static void close_on_exec(void)
{
	struct kshm_export e = { .struct_size = sizeof(e), .len = PAGE };
	int dmabuf = export(dev, 0, PAGE);

	is(fcntl(dmabuf, F_GETFD), FD_CLOEXEC, "close-on-exec with the flag");
	close(dmabuf);
	dmabuf = ioctl(dev, KSHM_IOC_EXPORT, &e);
	is(fcntl(dmabuf, F_GETFD), 0, "close-on-exec without the flag");
	close(dmabuf);
}

static void no_descriptor(void)
{
	struct rlimit old, none;

	getrlimit(RLIMIT_NOFILE, &old);
	none = old;
	none.rlim_cur = dev + 1;
	setrlimit(RLIMIT_NOFILE, &none);
	fails(export_try(dev, 0, PAGE), EMFILE, "no descriptor is free");
	setrlimit(RLIMIT_NOFILE, &old);
}

/* The line of debugfs about a dma-buf of @size bytes. */
static void listed(void)
{
	FILE *f = fopen("/sys/kernel/debug/dma_buf/bufinfo", "re");
	int dmabuf = export(dev, PAGE, 3 * PAGE);
	unsigned long long size;
	bool found = false;
	char line[256];

	if (!f)
		bail("bufinfo");
	while (fgets(line, sizeof(line), f))
		found |= (sscanf(line, "%llu", &size) == 1 ||
			  sscanf(line, "%llx", &size) == 1) &&
			 strtoull(line, NULL, 10) == 3 * PAGE &&
			 strstr(line, "\tkshm\t") && strstr(line, "\ta\n");
	fclose(f);
	ok(found, "bufinfo in debugfs has its size, kshm, and the name of the buffer");
	close(dmabuf);
}

static void of_memfd(void)
{
	int fd = memfd(4 * PAGE), dmabuf = export(fd, PAGE, 2 * PAGE);
	char *p = map(fd, 4 * PAGE, 0), *q;

	fill(p, 4 * PAGE, 2);
	close(fd);
	q = map(dmabuf, 2 * PAGE, 0);
	ok(!memcmp(p + PAGE, q, 2 * PAGE), "a dma-buf of a memfd has its bytes");
	munmap(p, 4 * PAGE);
	close(dmabuf);
	is(memfd_used(), 4 * PAGE, "its mapping holds the memory");
	memset(q, 1, 2 * PAGE);
	munmap(q, 2 * PAGE);
	is(memfd_used(), 0, "memory of memfds without it");
}

/* What is left after the device holds the memory, and the module. */
static void life(void)
{
	long long start = free_memory();
	int fd = buffer_make("b", SIZE), dmabuf = export(fd, 0, SIZE);
	struct kshm_info i = info(fd), other;
	char *p = map(fd, SIZE, 0), *q;

	fill(p, SIZE, 3);
	munmap(p, SIZE);
	close(fd);
	buffer_drop("b");
	ok(is_allocated(start, SIZE), "a dma-buf holds the memory of a removed buffer");
	other = foreign_make("c");
	ok(are_disjoint(i, other), "another buffer is elsewhere");
	q = map(dmabuf, SIZE, 0);
	ok(filled(q, SIZE, 3), "the dma-buf has the contents of the removed buffer");
	close(dmabuf);
	ok(is_allocated(start, 2 * SIZE), "a mapping alone holds the memory");
	ok(filled(q, SIZE, 3), "the mapping has the contents of the removed buffer");
	memset(q, 4, SIZE);
	ok(foreign_unchanged("c"), "the other buffer is unchanged");
	buffer_drop("c");
	fails(module_unload(), EAGAIN, "unload with a mapping: EAGAIN");
	munmap(q, SIZE);
	ok(is_allocated(start, 0), "the memory is freed with the mapping");

	fd = buffer_make("b", SIZE);
	dmabuf = export(fd, 0, SIZE);
	close(fd);
	buffer_drop("b");
	fails(module_unload(), EAGAIN, "unload with a dma-buf: EAGAIN");
	close(dmabuf);
	ok(is_allocated(start, 0), "the memory is freed with the dma-buf");
}

/* Many, as each one costs something. */
static void repeated(void)
{
	long long start = 0;
	int i, dmabuf;
	char *q;

	for (i = 0; i < 3000; i++) {
		/* what the first ones allocate stays in caches */
		if (i == 1000)
			start = free_memory();
		dmabuf = export(dev, PAGE, LEN - PAGE);
		q = map(dmabuf, LEN - PAGE, 0);
		if (i & 1)
			close(dmabuf);
		q[0] = 1;
		munmap(q, LEN - PAGE);
		if (!(i & 1))
			close(dmabuf);
	}
	/*
	 * With a page, a reference or an inode for each, it would be more. Inodes
	 * are freed after a grace period of RCU.
	 */
	for (i = 0; i < 50 && start - free_memory() >= 1024 * (long long)KIB; i++)
		nap_ms(100);
	ok(start - free_memory() < 1024 * (long long)KIB,
	   "2000 more dma-bufs leave nothing: %lld KiB",
	   (start - free_memory()) / 1024);
	is(atoi(attr(minor, "mappings")), 1, "mappings of the buffer");
	is(atoi(attr(minor, "openers")), 1, "openers of the buffer");
}

int main(void)
{
	char path[32], *p;

	dev = buffer_make("a", LEN);
	minor = buffer_minor("a");
	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	if (!has_dmabuf()) {
		fails(export_try(dev, 0, PAGE), EOPNOTSUPP,
		      "a kernel without dma-buf: EOPNOTSUPP");
		close(dev);
		buffer_drop("a");
		return tap_done();
	}
	p = map(dev, LEN, 0);
	fill(p, LEN, 1);
	window(p, 3, 5);
	window(p, 1, LEN / PAGE - 2);
	huge_entries(p, 0, LEN);
	huge_entries(p, HUGE, LEN - HUGE);
	huge_entries(p, 3 * PAGE, LEN - HUGE);
	futexes(p);
	pinned(p);
	synced();
	read_only(path);
	close_on_exec();
	no_descriptor();
	listed();
	of_memfd();
	repeated();
	munmap(p, LEN);
	close(dev);
	buffer_drop("a");
	life();
	return tap_done();
}
