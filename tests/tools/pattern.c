// SPDX-License-Identifier: GPL-2.0-only
/*
 * pattern fill|check|zero FILE SEED [FROM TO]: fill FILE by mmap with a pattern
 * that SEED determines, or check that it has this pattern, or that it is zero
 * (SEED is ignored). FROM and TO are in KiB; without them it is the whole FILE,
 * a device of kshm or a resource of a PCI device. Exit status 0 if it is as
 * wanted.
 */
#include "base.h"

#include "device.h"
#include "pattern.h"

/* Character devices have their size at the end, resources in their inode. */
static size_t size_of(int fd)
{
	struct stat st;
	off_t end;

	if (fstat(fd, &st))
		bail("fstat");
	if (st.st_size)
		return st.st_size;
	end = lseek(fd, 0, SEEK_END);
	if (end <= 0)
		bail("lseek");
	return end;
}

int main(int argc, char **argv)
{
	size_t from = 0, to, i;
	volatile __u64 *w;
	__u64 seed, want;
	bool zeros;
	int fd;

	if (argc != 4 && argc != 6)
		return 2;
	seed = strtoull(argv[3], NULL, 0);
	fd = xopen(argv[2], O_RDWR);
	to = size_of(fd);
	w = map(fd, to, 0);
	if (argc == 6) {
		from = strtoull(argv[4], NULL, 0) * KIB;
		to = strtoull(argv[5], NULL, 0) * KIB;
	}

	if (!strcmp(argv[1], "fill")) {
		for (i = from / 8; i < to / 8; i++)
			w[i] = word(seed, i);
		return 0;
	}
	zeros = !strcmp(argv[1], "zero");
	if (!zeros && strcmp(argv[1], "check"))
		return 2;
	for (i = from / 8; i < to / 8; i++) {
		want = zeros ? 0 : word(seed, i);
		if (w[i] != want) {
			printf("# %s: %#llx at %#zx, want %#llx\n", argv[2],
			       w[i], i * 8, want);
			return 1;
		}
	}
	return 0;
}
