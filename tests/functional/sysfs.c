// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysfs NAME SIZE FOLIO_SIZE...: the buffers of kshm0, kshm1, ... are these,
 * and sysfs, KSHM_IOC_INFO, lseek and what the program measures agree.
 */
#include "guest.h"

#include <sys/sysmacros.h>

static const char *const names[] = {
	"phys_addr", "size", "name", "backing", "folio_size", "node", "cache",
	"openers", "mappings",
};

static void modes(int minor)
{
	char path[128];
	struct stat st;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "/sys/class/kshm/kshm%d/%s",
			 minor, names[i]);
		if (stat(path, &st))
			bail("%s", path);
		is(st.st_mode, S_IFREG | 0444, "kshm%d: %s is 0444", minor,
		   names[i]);
	}
}

static void device_number(int minor)
{
	char path[64], text[32];
	struct stat st;

	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	if (stat(path, &st))
		bail("%s", path);
	ok(S_ISCHR(st.st_mode), "%s is a character device", path);
	snprintf(text, sizeof(text), "%u:%u", major(st.st_rdev),
		 minor(st.st_rdev));
	is_str(attr(minor, "dev"), text, "%s has the number of sysfs", path);
	is(minor(st.st_rdev), minor, "%s is minor %d", path, minor);
}

/* The node that the kernel itself tells for a mapped page. */
static int node_of(void *addr)
{
	int node = -1;

	if (syscall(SYS_move_pages, 0, 1UL, &addr, NULL, &node, 0))
		bail("move_pages");
	return node;
}

static void buffer(int minor, const char *name, size_t size, size_t folio_size)
{
	char path[64], text[64];
	struct kshm_info i;
	char *p;
	int fd;

	modes(minor);
	device_number(minor);
	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	fd = xopen(path, O_RDWR);
	i = info(fd);

	is_str(attr(minor, "name"), name, "%s: name", path);
	is_str(i.name, name, "%s: name by ioctl", path);

	snprintf(text, sizeof(text), "%zu", size);
	is_str(attr(minor, "size"), text, "%s: size", path);
	is(i.size, size, "%s: size by ioctl", path);
	is(lseek(fd, 0, SEEK_END), size, "%s: size by lseek", path);
	is(i.struct_size, sizeof(i), "%s: INFO tells its size", path);

	p = map(fd, size, 0);
	fails((long)mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "%s: one page more cannot be mapped", path);
	touch(p, size);
	ok(phys_page(p), "%s: pagemap tells an address", path);
	ok(contiguous(p, size, phys_page(p)), "%s: contiguous", path);
	snprintf(text, sizeof(text), "0x%llx", phys_page(p));
	is_str(attr(minor, "phys_addr"), text, "%s: phys_addr", path);
	is(i.phys_addr, phys_page(p), "%s: phys_addr by ioctl", path);

	snprintf(text, sizeof(text), "%zu", folio_size);
	is_str(attr(minor, "folio_size"), text, "%s: folio_size", path);
	is(i.folio_size, folio_size, "%s: folio_size by ioctl", path);
	is(smaps_sum(p, size, "FilePmdMapped"),
	   folio_size == HUGE ? size / HUGE * HUGE : 0,
	   "%s: mapped by entries of that size", path);

	snprintf(text, sizeof(text), "%d", node_of(p));
	is_str(attr(minor, "node"), text, "%s: node", path);
	is(i.node, node_of(p), "%s: node by ioctl", path);

	is_str(attr(minor, "backing"), "pages", "%s: backing", path);
	is(i.backing, KSHM_BACKING_PAGES, "%s: backing by ioctl", path);
	is_str(attr(minor, "cache"), "wb", "%s: cache", path);
	is(i.cache, KSHM_CACHE_WB, "%s: cache by ioctl", path);

	munmap(p, size);
	close(fd);
}

/* No two buffers may share memory. */
static void disjoint(int count)
{
	__u64 start[16], size[16];
	bool good = true;
	int a, b;

	for (a = 0; a < count; a++) {
		start[a] = strtoull(attr(a, "phys_addr"), NULL, 16);
		size[a] = strtoull(attr(a, "size"), NULL, 10);
		for (b = 0; b < a; b++)
			if (start[a] < start[b] + size[b] &&
			    start[b] < start[a] + size[a])
				good = false;
	}
	ok(good, "no two buffers share memory");
}

int main(int argc, char **argv)
{
	int a, count = 0;

	for (a = 1; a + 2 < argc; a += 3)
		buffer(count++, argv[a], strtoul(argv[a + 1], NULL, 10),
		       strtoul(argv[a + 2], NULL, 10));
	disjoint(count);
	return tap_done();
}
