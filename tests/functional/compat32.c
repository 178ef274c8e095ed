// SPDX-License-Identifier: GPL-2.0-only
/*
 * compat32 info|bytes|sum DEVICE: print what can be compared with the same
 * program built for another word size. compat32 share DEVICE: a test.
 */
/* build: also 32-bit */
#include "guest.h"

static int fd;
static size_t size;

static void print_info(void)
{
	struct kshm_info i = info(fd);

	printf("%u %u %llu %#llx %llu %d %u %u %u %s\n", i.struct_size, i.flags,
	       i.size, i.phys_addr, i.folio_size, i.node, i.cache, i.backing,
	       i.reserved, i.name);
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
	char *room = anon(size);

	diag("%zu-bit program", 8 * sizeof(long));
	touch(p, size);
	ok(contiguous(p, size, info(fd).phys_addr), "contiguous");
	is(smaps_sum(p, size, "FilePmdMapped"), size / HUGE * HUGE,
	   "2 MiB entries");
	fill(p, size, sizeof(long));
	is(pread(fd, room, size, 0), size, "read");
	ok(filled(room, size, sizeof(long)), "gets the bytes");
	ok(!memcmp(q, p + size - PAGE, PAGE), "mapped at an offset");
	is(lseek(fd, 0, SEEK_END), size, "lseek");
	fails(lseek(fd, 4 * GIB, SEEK_SET), EINVAL, "lseek to 4 GiB");
	is(pread(fd, room, 1, 4 * GIB), 0, "pread at 4 GiB");
	fails(pwrite(fd, room, 1, 4 * GIB), ENOSPC, "pwrite at 4 GiB");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 4 * GIB),
	      EINVAL, "mmap at 4 GiB");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
			 4 * GIB + PAGE), EINVAL, "mmap behind 4 GiB");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
			 16384 * GIB - 16 * PAGE), EINVAL,
	      "mmap at what 32 bits count in pages");
	fails((long)mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "mmap of a page too much");
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
