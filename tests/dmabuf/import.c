// SPDX-License-Identifier: GPL-2.0-only
/*
 * import [CACHE]: another driver uses dma-bufs for its device: kshm_importer,
 * which is loaded, as kshm is, without a buffer.
 */
#include "base.h"

#include <stdarg.h>

#include "configfs.h"
#include "dmabuf.h"
#include "unplug.h"

#define PARAMETERS	"/sys/module/kshm_importer/parameters/"
#define LEN		(4 * MIB)
#define NO_LIMIT	"4294967295"

/* Returns 0, or -1 with errno. */
#define importer(...)	(try_putf(PARAMETERS "do", __VA_ARGS__) ? 0 : -1)

__printf(1, 2)
static void succeeds(const char *fmt, ...)
{
	char text[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!ok(!importer("%s", text), "%s", text))
		diag("%s", strerror(errno));
}

/* What the driver of the device sees. */
static void check_table(unsigned int entries, __u64 phys, __u64 len)
{
	unsigned long long addr = 0, bytes = 0;
	unsigned int n = 0;

	if (sscanf(slurp(PARAMETERS "table"), "%u %llx %llu", &n, &addr,
		   &bytes) != 3)
		bail("table");
	is(n, entries, "entries");
	is(addr, phys, "address for the device");
	is(bytes, len, "bytes that are contiguous");
}

static void device_uses(char *p, int dmabuf, __u64 phys, const char *max,
			unsigned int entries)
{
	succeeds("get %d", dmabuf);
	succeeds("attach %s", max);
	succeeds("map both");
	check_table(entries, phys, LEN);
	memset(p, 'a', LEN);
	is(dmabuf_sync(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE), 0,
	   "DMA_BUF_IOCTL_SYNC after writing");
	succeeds("check a");
	succeeds("write b");
	is(dmabuf_sync(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), 0,
	   "DMA_BUF_IOCTL_SYNC before reading");
	ok(all_bytes_are(p, LEN, 'b'), "the buffer has what the device has written");
	succeeds("unmap");
	succeeds("detach");
	succeeds("put");
}

static void directions(char *p, int dmabuf)
{
	succeeds("get %d", dmabuf);
	succeeds("attach " NO_LIMIT);
	memset(p, 'c', LEN);
	succeeds("map to");
	succeeds("check c");
	succeeds("unmap");
	succeeds("map from");
	succeeds("write d");
	succeeds("unmap");
	ok(all_bytes_are(p, LEN, 'd'), "the buffer has what the device has written");
	succeeds("detach");
	succeeds("put");
}

static void kernel_uses(char *p, int dmabuf)
{
	succeeds("get %d", dmabuf);
	memset(p, 'e', LEN);
	succeeds("vmap");
	succeeds("vcheck e");
	succeeds("vwrite f");
	ok(all_bytes_are(p, LEN, 'f'), "the buffer has what the kernel has written");
	succeeds("vunmap");
	succeeds("put");
}

/* Only the part is mapped, by its own address. */
static void use_part(char *p, int dev, __u64 phys)
{
	int dmabuf = export(dev, 3 * PAGE, 5 * PAGE);
	size_t len = 5 * PAGE;

	memset(p, 'g', LEN);
	succeeds("get %d", dmabuf);
	succeeds("attach " NO_LIMIT);
	succeeds("map both");
	check_table(1, phys + 3 * PAGE, len);
	succeeds("write h");
	succeeds("vmap");
	succeeds("unmap");
	succeeds("vcheck h");
	succeeds("vwrite i");
	succeeds("vunmap");
	succeeds("detach");
	succeeds("put");
	ok(all_bytes_are(p, 3 * PAGE, 'g') && all_bytes_are(p + 3 * PAGE, len, 'i') &&
	   all_bytes_are(p + 8 * PAGE, LEN - 8 * PAGE, 'g'),
	   "only this part of the buffer was written");
	close(dmabuf);
}

/* The importer may map it for programs that can write to its own device. */
static void mapped_by_importer(int dmabuf, char *p, bool writable)
{
	int fd = xopen("/dev/kshm_importer", O_RDWR);
	char *q;

	memset(p, 'j', LEN);
	succeeds("get %d", dmabuf);
	q = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 2 * PAGE);
	ok(q != MAP_FAILED && all_bytes_are(q, PAGE, 'j'),
	   "a mapping of the importer's device has the bytes of the buffer");
	if (writable) {
		is(mprotect(q, PAGE, PROT_READ | PROT_WRITE), 0,
		   "mprotect() to write");
		memset(q, 'k', PAGE);
		ok(all_bytes_are(p + 2 * PAGE, PAGE, 'k'),
		   "the buffer has what was written");
	} else {
		fails(mprotect(q, PAGE, PROT_READ | PROT_WRITE), EACCES,
		      "read-only: mprotect() to write");
		/* It maps the file of the mapping, with what that allows. */
		is(syscall(SYS_remap_file_pages, q, (size_t)PAGE, 0, (size_t)1, 0),
		   0, "read-only: remap_file_pages()");
		fails(mprotect(q, PAGE, PROT_READ | PROT_WRITE), EACCES,
		      "read-only: mprotect() to write of what it has mapped");
		ok(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
		   MAP_FAILED && errno == EACCES, "read-only: a writable mapping");
	}
	ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, LEN) == MAP_FAILED &&
	   errno == EINVAL, "a mapping of the importer's device behind the end");
	ok(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED &&
	   errno == EINVAL, "a private mapping of the importer's device");
	succeeds("put");
	munmap(q, PAGE);
	close(fd);
}

static void read_only(char *p)
{
	char path[32];
	int fd, dmabuf;

	snprintf(path, sizeof(path), "/dev/kshm%d", buffer_minor("a"));
	fd = xopen(path, O_RDONLY);
	dmabuf = export(fd, 0, LEN);
	close(fd);
	succeeds("get %d", dmabuf);
	succeeds("attach " NO_LIMIT);
	fails(importer("map from"), EACCES, "read-only: for a device that writes");
	fails(importer("map both"), EACCES, "read-only: for a device that may write");
	memset(p, 'l', LEN);
	succeeds("map to");
	succeeds("check l");
	succeeds("unmap");
	fails(importer("vmap"), EINVAL, "read-only: for the kernel");
	succeeds("detach");
	succeeds("put");
	mapped_by_importer(dmabuf, p, false);
	close(dmabuf);
}

/* A device holds the memory when all else is gone. */
static void life(void)
{
	long long start = free_memory();
	int fd = buffer_make("b", SIZE), dmabuf = export(fd, 0, SIZE);

	succeeds("get %d", dmabuf);
	succeeds("attach " NO_LIMIT);
	succeeds("map both");
	close(dmabuf);
	close(fd);
	buffer_drop("b");
	ok(is_allocated(start, SIZE), "a device holds the memory of a removed buffer");
	succeeds("write m");
	foreign_make("c");
	succeeds("check m");
	succeeds("write n");
	ok(foreign_unchanged("c"), "another buffer is unchanged");
	buffer_drop("c");
	succeeds("unmap");
	succeeds("detach");
	succeeds("put");
	ok(is_allocated(start, 0), "the memory is freed with the last user");
}

int main(int argc, char **argv)
{
	const char *cache = argc > 1 ? argv[1] : "wb";
	int dev, dmabuf;
	__u64 phys;
	char *p;

	buffer_prepare("a", LEN);
	configfs_set("a", "cache", cache);
	configfs_set("a", "live", "1");
	dev = buffer_open("a");
	phys = info(dev).phys_addr;
	p = map(dev, LEN, 0);
	dmabuf = export(dev, 0, LEN);
	diag("one entry");
	device_uses(p, dmabuf, phys, NO_LIMIT, 1);
	diag("entries of up to 64 KiB");
	device_uses(p, dmabuf, phys, "65536", LEN / (64 * KIB));
	diag("entries of whole pages, three in four times a page less a byte");
	device_uses(p, dmabuf, phys, "16383", LEN / (3 * PAGE) + 1);
	directions(p, dmabuf);
	kernel_uses(p, dmabuf);
	use_part(p, dev, phys);
	mapped_by_importer(dmabuf, p, true);
	read_only(p);
	close(dmabuf);
	munmap(p, LEN);
	close(dev);
	buffer_drop("a");
	if (argc == 1)
		life();
	return tap_done();
}
