// SPDX-License-Identifier: GPL-2.0-only
/*
 * find-address ADDRESS: print the files in which this user can read a physical
 * address, of those that are about kshm, memory or this process.
 */
#include "base.h"

#include <ctype.h>
#include <ftw.h>
#include <sys/klog.h>

#include "device.h"
#include "pagemap.h"

static char hex[32], decimal[32];

static const char *const places[] = {
	"/sys/devices/virtual/kshm", "/sys/module/kshm", "/sys/kernel/config",
	"/sys/firmware/memmap", "/sys/kernel/debug/kshm",
	"/proc/iomem", "/proc/devices", "/proc/modules", "/proc/kallsyms",
	"/proc/cmdline", "/proc/self/maps", "/proc/self/smaps",
	"/proc/self/numa_maps", "/proc/self/fdinfo", "/proc/self/map_files",
	"/proc/self/mountinfo", "/proc/vmallocinfo", "/proc/kpageflags",
	"/proc/buddyinfo", "/proc/zoneinfo", "/proc/pagetypeinfo",
	"/sys/class/kshm/kshm0/uevent", "/dev/kmsg",
};

/* The number alone or after zeros, not as a part of a longer one. */
static bool has(const char *text, const char *number)
{
	const char *at = text;
	size_t len = strlen(number);

	while ((at = strstr(at, number))) {
		const char *before = at;

		while (before > text && before[-1] == '0')
			before--;
		if ((before == text || !isxdigit(before[-1])) &&
		    !isxdigit(at[len]))
			return true;
		at++;
	}
	return false;
}

static void search(const char *path, char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!text[i])
			text[i] = ' ';
	text[len] = '\0';
	if (has(text, hex) || has(text, decimal))
		puts(path);
}

static int file(const char *path, const struct stat *st, int kind,
		struct FTW *ftw)
{
	static char text[4 * MIB];
	ssize_t n;
	size_t len = 0;
	int fd;

	(void)ftw;
	/* Reading other kinds of files has effects, or never ends. */
	if (kind != FTW_F || (!S_ISREG(st->st_mode) && !S_ISCHR(st->st_mode)))
		return 0;
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return 0;
	while (len < sizeof(text) - 1 &&
	       (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	search(path, text, len);
	return 0;
}

/* The page table of an own mapping: frame numbers, where allowed. */
static void pages(__u64 addr)
{
	int fd = open("/dev/kshm0", O_RDWR);
	char *p;

	if (fd < 0)
		return;
	p = map(fd, PAGE, 0);
	touch(p, PAGE);
	if (phys_page(p) == addr)
		puts("/proc/self/pagemap");
	if (info(fd).phys_addr == addr || info(fd).dma_addr == addr)
		puts("INFO");
}

int main(int argc, char **argv)
{
	static char log[MIB];
	__u64 addr;
	size_t i;
	int n;

	if (argc != 2)
		return 2;
	addr = strtoull(argv[1], NULL, 0);
	snprintf(hex, sizeof(hex), "%llx", addr);
	snprintf(decimal, sizeof(decimal), "%llu", addr);
	for (i = 0; i < ARRAY_SIZE(places); i++)
		nftw(places[i], file, 16, FTW_PHYS);
	n = klogctl(3, log, sizeof(log) - 1);
	if (n > 0)
		search("klogctl", log, n);
	pages(addr);
	return 0;
}
