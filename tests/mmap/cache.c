// SPDX-License-Identifier: GPL-2.0-only
/*
 * cache MODE SIZE [PHYS]: a buffer with cache=MODE. Which mode pages really have
 * is told by /proc/kpageflags for memory with struct pages, by pat_memtype_list
 * for a carveout, and by the page tables themselves where the kernel shows them.
 * The module is loaded, without a buffer.
 */
#include "base.h"

#include <sys/uio.h>

#include "configfs.h"
#include "device.h"
#include "pagemap.h"
#include "pattern.h"

/* x86 keeps the mode of a page in two flags; the second one was renamed. */
#define KPF_WC		(1ULL << 38)
#define KPF_UC		(1ULL << 39 | 1ULL << 41)

#define MEMTYPES	"/sys/kernel/debug/x86/pat_memtype_list"
#define PAGE_TABLES	"/sys/kernel/debug/page_tables/current_kernel"

static const char *mode, *phys_addr;
static size_t size;

static int make(void)
{
	buffer_prepare("a", size);
	configfs_set("a", "cache", mode);
	if (phys_addr)
		configfs_set("a", "phys_addr", phys_addr);
	configfs_set("a", "live", "1");
	return buffer_open("a");
}

/* The mode that all pages of a range have by their flags. */
static const char *flags_mode(__u64 phys)
{
	size_t i, nr = size / PAGE, len = nr * sizeof(__u64);
	int fd = xopen("/proc/kpageflags", O_RDONLY);
	const char *first = NULL, *next;
	__u64 *flags = anon(len);

	if (pread(fd, flags, len, phys / PAGE * sizeof(*flags)) != (ssize_t)len)
		bail("/proc/kpageflags");
	close(fd);
	for (i = 0; i < nr; i++) {
		if (flags[i] & KPF_WC)
			next = flags[i] & KPF_UC ? "wt" : "wc";
		else
			next = flags[i] & KPF_UC ? "uc" : "wb";
		if (!first)
			first = next;
		if (next != first) {
			diag("page %zu is %s", i, next);
			first = "mixed";
			break;
		}
	}
	munmap(flags, len);
	return first;
}

/* The mode of a range in the kernel's list; the rest of memory is wb. */
static const char *list_mode(__u64 phys)
{
	const char *mode = "wb";
	char line[256], type[64];
	__u64 start, end;
	FILE *f;

	f = fopen(MEMTYPES, "re");
	if (!f)
		bail(MEMTYPES);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "PAT: [mem %llx-%llx] %63s", &start, &end,
			   type) != 3 || start > phys || end < phys + size)
			continue;
		if (!strcmp(type, "write-combining"))
			mode = "wc";
		else if (!strcmp(type, "uncached-minus"))
			mode = "uc";
		else if (strcmp(type, "write-back"))
			mode = "another";
	}
	fclose(f);
	return mode;
}

/* The mode of a line of the page tables: flags have columns of their own. */
static const char *line_mode(const char *line)
{
	bool pwt = strstr(line, " PWT "), pcd = strstr(line, " PCD ");

	return pwt ? pcd ? "strong" : "wc" : pcd ? "uc" : "wb";
}

/*
 * The mode of a range in the page tables: of the kernel's linear map when @addr
 * is NULL, else of the program's.
 */
static const char *table_mode(const char *addr, __u64 phys)
{
	__u64 from = (uintptr_t)addr, to = from + size, start, end;
	const char *mode = "unmapped", *next;
	bool linear = false;
	char line[256];
	FILE *f;

	f = fopen(PAGE_TABLES, "re");
	if (!f)
		bail(PAGE_TABLES);
	while (fgets(line, sizeof(line), f)) {
		if (strstr(line, "Low Kernel Mapping")) {
			linear = true;
			continue;
		}
		if (sscanf(line, "0x%llx-0x%llx", &start, &end) != 2)
			continue;
		if (linear && !addr && !from) {
			from = start + phys;
			to = from + size;
		}
		if (!from || start >= to || end <= from || !strstr(line, " NX "))
			continue;
		next = line_mode(line);
		if (strcmp(mode, "unmapped") && mode != next)
			diag("0x%llx: %s", start, next);
		mode = strcmp(mode, "unmapped") && mode != next ? "mixed" : next;
	}
	fclose(f);
	return mode;
}

/*
 * What the kernel knows of the mode. When pages are freed, the page allocator
 * clears their flags: then only the page tables tell.
 */
static void check_mode(__u64 phys, const char *want, const char *when)
{
	if (phys_addr)
		is_str(list_mode(phys), want, "mode in the list of memory types %s", when);
	else
		is_str(flags_mode(phys), want, "mode by the flags of all pages %s", when);
	if (!phys_addr && !access(PAGE_TABLES, R_OK))
		is_str(table_mode(NULL, phys), want, "mode of the linear map %s", when);
}

static void check_mapping(const char *p, const char *when)
{
	if (access(PAGE_TABLES, R_OK))
		return;
	is_str(table_mode(p, 0), mode, "mode of the program's mapping %s", when);
}

/* A page in a pipe outlives the buffer. */
static void check_pinned(void)
{
	char *room = anon(PAGE), *p;
	struct iovec iov;
	int ends[2], fd;
	__u64 phys;

	fd = make();
	phys = info(fd).phys_addr;
	p = map(fd, size, 0);
	fill(p, size, 1);
	if (pipe2(ends, O_CLOEXEC))
		bail("pipe");
	iov.iov_base = p;
	iov.iov_len = PAGE;
	is(vmsplice(ends[1], &iov, 1, 0), PAGE, "vmsplice a page to a pipe");
	munmap(p, size);
	close(fd);
	buffer_drop("a");
	check_mode(phys, "wb", "without the buffer, a page in a pipe");
	is(read(ends[0], room, PAGE), PAGE, "read the page from the pipe");
	ok(filled(room, PAGE, 1), "the page from the pipe has the contents of the buffer");
	close(ends[0]);
	close(ends[1]);
}

int main(int argc, char **argv)
{
	static const __u32 modes[] = { 'w' << 8 | 'b', 'w' << 8 | 'c', 'u' << 8 | 'c' };
	struct kshm_info i;
	char *p, *end;
	int fd;

	if (argc != 3 && argc != 4)
		return 2;
	mode = argv[1];
	size = strtoull(argv[2], &end, 0) << (*end == 'K' ? 10 : 20);
	phys_addr = argv[3];

	fd = make();
	is_str(attr(0, "cache"), mode, "cache in sysfs");
	i = info(fd);
	is(modes[i.cache % ARRAY_SIZE(modes)], mode[0] << 8 | mode[1], "cache in INFO");
	fails(configfs_try("a", "cache", "wb") ? 0 : -1, EBUSY, "cache while live: EBUSY");
	check_mode(i.phys_addr, mode, "before it is mapped");

	p = map(fd, size, 0);
	ok(zero(p, size), "the buffer is zeroed");
	fill(p, size, 1);
	ok(same_as_file(fd, p, size, 0), "read() returns what was written to the mapping");
	is(pwrite(fd, "0123456789", 10, size - 10), 10, "write() at the end");
	ok(!memcmp(p + size - 10, "0123456789", 10), "the mapping has what was written");
	check_mapping(p, "after writing");
	if (mprotect(p, size, PROT_READ) || mprotect(p, size, PROT_READ | PROT_WRITE))
		bail("mprotect");
	ok(same_as_file(fd, p, size, 0), "read() returns the same after mprotect()");
	check_mapping(p, "after mprotect()");
	check_mode(i.phys_addr, mode, "while it is mapped");

	buffer_drop("a");
	close(fd);
	check_mode(i.phys_addr, mode, "while only the mapping is left");
	munmap(p, size);
	check_mode(i.phys_addr, "wb", "after all is gone");
	if (!phys_addr)
		check_pinned();
	return tap_done();
}
