// SPDX-License-Identifier: GPL-2.0-only
/*
 * compat32 info|bytes|sum DEVICE: print INFO, the bytes of INFO, or a checksum
 * of the buffer. The same program built for another word size must print the
 * same. compat32 share DEVICE: a test.
 */
/* build: also 32-bit */
#include "base.h"

#include "device.h"
#include "pagemap.h"
#include "pattern.h"
#include "smaps.h"

static int fd;
static size_t size;

static void print_info(void)
{
	struct kshm_info i = info(fd);

	printf("%u %u %llu %#llx %llu %d %u %u %u %s %#llx\n", i.struct_size, i.flags,
	       i.size, i.phys_addr, i.folio_size, i.node, i.cache, i.backing,
	       i.reserved, i.name, i.dma_addr);
}

static void print_bytes(void)
{
	struct kshm_info i = info(fd);
	const unsigned char *b = (void *)&i;
	size_t n;

	for (n = 0; n < sizeof(i); n++)
		printf("%02x", b[n]);
	putchar('\n');
}

static void print_sum(void)
{
	const __u64 *w = map(fd, size, 0);
	__u64 sum = 0;
	size_t i;

	for (i = 0; i < size / 8; i++)
		sum = 31 * sum + w[i];
	printf("%llx\n", sum);
}

static void share(void)
{
	char *p = map(fd, size, 0), *q = map(fd, PAGE, size - PAGE);
	int bits = 8 * sizeof(long);
	char *room = anon(size);

	diag("%d-bit program", bits);
	touch(p, size);
	ok(contiguous(p, size, info(fd).phys_addr),
	   "%d bit: the mapping is contiguous", bits);
	is(huge_mapped(p, size), size / HUGE * HUGE,
	   "%d bit: bytes that huge entries map", bits);
	fill(p, size, sizeof(long));
	is(pread(fd, room, size, 0), size, "%d bit: read of the whole buffer",
	   bits);
	ok(filled(room, size, sizeof(long)),
	   "%d bit: read returns what the program stored", bits);
	ok(!memcmp(q, p + size - PAGE, PAGE),
	   "%d bit: a mapping of the last page shows the last page", bits);
	is(lseek(fd, 0, SEEK_END), size, "%d bit: lseek to the end", bits);
	fails(lseek(fd, 4 * GIB, SEEK_SET), EINVAL,
	      "%d bit: lseek to 4 GiB: EINVAL", bits);
	is(pread(fd, room, 1, 4 * GIB), 0, "%d bit: pread at 4 GiB", bits);
	fails(pwrite(fd, room, 1, 4 * GIB), ENOSPC,
	      "%d bit: pwrite at 4 GiB: ENOSPC", bits);
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 4 * GIB),
	      EINVAL, "%d bit: mmap at 4 GiB: EINVAL", bits);
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
			 4 * GIB + PAGE), EINVAL,
	      "%d bit: mmap a page above 4 GiB: EINVAL", bits);
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
			 PAGE * ((1ULL << 32) - 16)), EINVAL,
	      "%d bit: mmap at 2^32 - 16 pages: EINVAL", bits);
	fails((long)mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "%d bit: mmap of a page more than the buffer: EINVAL",
	      bits);
	munmap(room, size);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	fd = xopen(argv[2], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	if (!strcmp(argv[1], "info"))
		print_info();
	else if (!strcmp(argv[1], "bytes"))
		print_bytes();
	else if (!strcmp(argv[1], "sum"))
		print_sum();
	else
		share();
	return strcmp(argv[1], "share") ? 0 : tap_done();
}
