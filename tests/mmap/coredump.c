// SPDX-License-Identifier: GPL-2.0-only
/* coredump DEVICE: a child with a mapping dumps core; /mnt/core has its bytes. */
#include "base.h"

#include <linux/elf.h>
#include <signal.h>
#include <sys/resource.h>

#include "pattern.h"

#define CORE "/mnt/core"

static void dump(const char *path, const char *filter, size_t size, char *at)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int fd, f;
	char *p;

	setrlimit(RLIMIT_CORE, &all);
	f = open("/proc/self/coredump_filter", O_WRONLY);
	if (write(f, filter, strlen(filter)) < 0)
		_exit(2);
	close(f);
	fd = open(path, O_RDWR);
	p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 0);
	if (p != at)
		_exit(3);
	fill(p, size, 1);
	munmap(p + 4 * PAGE, PAGE);
	raise(SIGABRT);
}

/* The bytes that a core file has for an address; *len is their number. */
static char *segment(char *core, char *at, size_t *len)
{
	struct elf64_hdr *e = (void *)core;
	struct elf64_phdr *ph = (void *)(core + e->e_phoff);
	int i;

	*len = 0;
	for (i = 0; i < e->e_phnum; i++) {
		if (ph[i].p_type == PT_LOAD &&
		    ph[i].p_vaddr == (uintptr_t)at) {
			*len = ph[i].p_filesz;
			return core + ph[i].p_offset;
		}
	}
	return NULL;
}

static void check(const char *path, const char *filter, size_t size, bool full)
{
	char *at = (char *)(1UL << 40), *core, *part, *want = anon(size);
	struct stat st;
	size_t len;
	pid_t pid;
	int f;

	unlink(CORE);
	pid = fork();
	if (!pid)
		dump(path, filter, size, at);
	is(child_status(pid), 256 + SIGABRT, "filter %s: the child is ended by SIGABRT",
	   filter);
	f = xopen(CORE, O_RDONLY);
	fstat(f, &st);
	core = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, f, 0);
	fill(want, size, 1);

	part = segment(core, at, &len);
	ok(part, "filter %s: the core file lists the first part", filter);
	is(len, full ? 4 * PAGE : 0, "filter %s: dumped bytes of the first part",
	   filter);
	if (full && len)
		ok(!memcmp(part, want, len),
		   "filter %s: the first part has the right bytes", filter);
	part = segment(core, at + 5 * PAGE, &len);
	ok(part, "filter %s: the core file lists the second part", filter);
	is(len, full ? size - 5 * PAGE : 0,
	   "filter %s: dumped bytes of the second part", filter);
	if (full && len)
		ok(!memcmp(part, want + 5 * PAGE, len),
		   "filter %s: the second part has the right bytes", filter);
	munmap(core, st.st_size);
	munmap(want, size);
	close(f);
}

int main(int argc, char **argv)
{
	size_t size;
	int fd;

	if (argc != 2)
		return 2;
	fd = xopen(argv[1], O_RDONLY);
	size = lseek(fd, 0, SEEK_END);
	close(fd);
	diag("%s, %zu bytes", argv[1], size);
	check(argv[1], "0x33", size, false);
	check(argv[1], "0x3b", size, true);
	return tap_done();
}
