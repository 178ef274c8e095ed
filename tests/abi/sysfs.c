// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysfs NAME SIZE FOLIO_SIZE...: kshm0, kshm1, ... are these buffers, and sysfs,
 * KSHM_IOC_INFO, lseek and the program's own mapping agree.
 */
#include "base.h"

#include <sys/sysmacros.h>

#include "device.h"
#include "pagemap.h"
#include "smaps.h"

static void modes(int minor)
{
	char path[128];
	struct stat st;
	size_t i;

	for (i = 0; i < OWN_ATTRS; i++) {
		snprintf(path, sizeof(path), "/sys/class/kshm/kshm%d/%s",
			 minor, device_attrs[i]);
		if (stat(path, &st))
			bail("%s", path);
		is(st.st_mode, S_IFREG | 0444, "kshm%d: the mode of %s is 0444", minor,
		   device_attrs[i]);
	}
}

static bool is_known(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(device_attrs); i++) {
		if (!strcmp(name, device_attrs[i]))
			return true;
	}
	/* folders and links of the driver core */
	return !strcmp(name, "power") || !strcmp(name, "subsystem") || name[0] == '.';
}

/* A new attribute belongs in device_attrs, so that the tests know it. */
static void no_other_file(int minor)
{
	const struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/kshm/kshm%d", minor);
	dir = opendir(path);
	if (!dir)
		bail("%s", path);
	do {
		entry = readdir(dir);
	} while (entry && is_known(entry->d_name));
	is_str(entry ? entry->d_name : "", "", "kshm%d: file in sysfs that device_attrs lacks",
	       minor);
	closedir(dir);
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
	is_str(attr(minor, "dev"), text, "%s has the device number that sysfs shows", path);
	is(minor(st.st_rdev), minor, "%s is minor %d", path, minor);
}

/* The NUMA node of a mapped page, as the kernel reports it. */
static int node_of(void *addr)
{
	int node = -1;

	if (syscall(SYS_move_pages, 0, 1UL, &addr, NULL, &node, 0))
		bail("move_pages");
	return node;
}

static void check_device(int minor, const char *name, size_t size, size_t folio_size)
{
	char path[64], text[64];
	struct kshm_info i;
	char *p;
	int fd;

	modes(minor);
	no_other_file(minor);
	device_number(minor);
	snprintf(path, sizeof(path), "/dev/kshm%d", minor);
	fd = xopen(path, O_RDWR);
	i = info(fd);

	is_str(attr(minor, "name"), name, "%s: name in sysfs", path);
	is_str(i.name, name, "%s: name in INFO", path);

	snprintf(text, sizeof(text), "%zu", size);
	is_str(attr(minor, "size"), text, "%s: size in sysfs", path);
	is(i.size, size, "%s: size in INFO", path);
	is(lseek(fd, 0, SEEK_END), size, "%s: size as lseek returns it", path);
	is(i.struct_size, sizeof(i), "%s: struct_size in INFO", path);

	p = map(fd, size, 0);
	fails((long)mmap(NULL, size + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "%s: mmap of a page more: EINVAL", path);
	touch(p, size);
	ok(phys_page(p), "%s: pagemap shows an address", path);
	ok(contiguous(p, size, phys_page(p)), "%s: the buffer is contiguous", path);
	snprintf(text, sizeof(text), "0x%llx", phys_page(p));
	is_str(attr(minor, "phys_addr"), text, "%s: phys_addr in sysfs", path);
	is(i.phys_addr, phys_page(p), "%s: phys_addr in INFO", path);

	snprintf(text, sizeof(text), "%zu", folio_size);
	is_str(attr(minor, "folio_size"), text, "%s: folio_size in sysfs", path);
	is(i.folio_size, folio_size, "%s: folio_size in INFO", path);
	is(huge_mapped(p, size), folio_size == HUGE ? size / HUGE * HUGE : 0,
	   "%s: bytes that huge entries map", path);

	snprintf(text, sizeof(text), "%d", node_of(p));
	is_str(attr(minor, "node"), text, "%s: node in sysfs", path);
	is(i.node, node_of(p), "%s: node in INFO", path);

	is_str(attr(minor, "backing"), "pages", "%s: backing in sysfs", path);
	is(i.backing, KSHM_BACKING_PAGES, "%s: backing in INFO", path);
	is_str(attr(minor, "cache"), "wb", "%s: cache in sysfs", path);
	is_str(attr(minor, "dma_addr"), "", "%s: dma_addr in sysfs", path);
	is(i.dma_addr, 0, "%s: dma_addr in INFO", path);
	is_str(attr(minor, "device"), "", "%s: device in sysfs", path);
	is_str(attr(minor, "source"), "parameter", "%s: source in sysfs", path);
	is(i.cache, KSHM_CACHE_WB, "%s: cache in INFO", path);

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
		check_device(count++, argv[a], strtoul(argv[a + 1], NULL, 10),
			     strtoul(argv[a + 2], NULL, 10));
	disjoint(count);
	return tap_done();
}
