// SPDX-License-Identifier: GPL-2.0-only
/*
 * hwpoison: a page of a buffer gets a memory error. It is not read or written
 * any more, not mapped, and not used again after the buffer is gone.
 */
#include "device.h"

#include <setjmp.h>
#include <signal.h>

#include "clock.h"
#include "configfs.h"
#include "hotplug.h"
#include "kernel.h"
#include "pagemap.h"

#define INJECT		"/sys/kernel/debug/hwpoison/corrupt-pfn"
#define KPF_COMPOUND_TAIL	16
#define KPF_HWPOISON		19

/* The pages that had an error so far. */
static __u64 bad_pages[8];
static unsigned int nr_bad;

static sigjmp_buf back;
static volatile int bus_code;

static void on_bus_error(int sig, siginfo_t *si, void *context)
{
	(void)sig;
	(void)context;
	bus_code = si->si_code;
	siglongjmp(back, 1);
}

/* The si_code of the SIGBUS that a touch gives, 0 for none. */
static int bus_error(const char *p)
{
	bus_code = 0;
	if (!sigsetjmp(back, 1))
		(void)__atomic_load_n(p, __ATOMIC_RELAXED);
	return bus_code;
}

/* A program that has the page mapped gets a signal from it. */
static void inject_by_madvise(int fd, size_t size, size_t bad)
{
	char *p = map(fd, size, 0);

	p[bad] = 1;
	bus_code = 0;
	if (!sigsetjmp(back, 1) && madvise(p + bad, PAGE, MADV_HWPOISON))
		diag("MADV_HWPOISON: %s", strerrorname_np(errno));
	if (bus_code)
		diag("MADV_HWPOISON: SIGBUS with si_code %d", bus_code);
	munmap(p, size);
}

static void inject(__u64 phys)
{
	int fd = xopen(INJECT, O_WRONLY);
	char text[32];

	/* The kernel cannot recover our page, and says so by an errno. */
	snprintf(text, sizeof(text), "%llu", phys / PAGE);
	if (write(fd, text, strlen(text)) < 0)
		diag("injected: %s", strerrorname_np(errno));
	close(fd);
}

static bool is_poisoned(__u64 phys)
{
	return page_flags(phys) >> KPF_HWPOISON & 1;
}

/* Whether a page in the middle of 2 MiB is still a part of these. */
static bool is_in_folio(__u64 phys)
{
	return page_flags(phys) >> KPF_COMPOUND_TAIL & 1;
}

static void read_and_write(int fd, size_t bad)
{
	char *room = anon(4 * PAGE);

	is(pread(fd, room, 4 * PAGE, bad - PAGE), PAGE,
	   "read() stops before the page");
	fails(pread(fd, room, 100, bad + 50), EIO, "read() in the page");
	is(pread(fd, room, 2 * PAGE, bad + PAGE), 2 * PAGE, "read() after it");
	is(pwrite(fd, room, 4 * PAGE, bad - PAGE), PAGE,
	   "write() stops before the page");
	fails(pwrite(fd, room, PAGE, bad), EIO, "write() to the page");
	is(pwrite(fd, room, PAGE, bad + PAGE), PAGE, "write() after it");
	munmap(room, 4 * PAGE);
}

/* A mapping made after the error. */
static void touch_around(int fd, size_t size, size_t bad)
{
	char *p = map(fd, size, 0);

	is(bus_error(p + bad), BUS_MCEERR_AR, "a touch of the page is SIGBUS");
	if (kernel() >= 516 || size < HUGE) {
		is(bus_error(p + bad - PAGE), 0, "no touch before it");
		is(bus_error(p + bad + PAGE), 0, "nor after it");
		is(bus_error(p + size - 1), 0, "nor at the end");
	}
	munmap(p, size);
}

static unsigned int bad_pages_in(__u64 phys, __u64 size)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr_bad; i++)
		n += bad_pages[i] >= phys && bad_pages[i] < phys + size;
	return n;
}

/* How many of them buffers of all sizes get, as long as there are buffers. */
static unsigned int buffers_have(void)
{
	static const size_t sizes[] = { 400, 64, 16, 6, 4, 2 };
	unsigned int found = 0;
	int n, last, made = 0;
	char name[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (n = 0; n < 32; n++) {
			struct kshm_info at;
			int fd;

			snprintf(name, sizeof(name), "n%d", n);
			buffer_prepare(name, sizes[i] * MIB);
			if (!configfs_try(name, "live", "1")) {
				buffer_drop(name);
				break;
			}
			fd = buffer_open(name);
			at = info(fd);
			close(fd);
			found += bad_pages_in(at.phys_addr, at.size);
		}
		last = n;
		made += last;
		for (n = 0; n < last; n++) {
			snprintf(name, sizeof(name), "n%d", n);
			buffer_drop(name);
		}
	}
	diag("%d buffers were looked at", made);
	return found;
}

/* How many of them a program gets that takes nearly all memory. */
static unsigned int program_has(void)
{
	static __u64 pages[1024];
	size_t room = memory_figure("MemTotal"), size = 0, pos, i;
	unsigned int found = 0;
	char *p = anon(room);

	madvise(p, room, MADV_NOHUGEPAGE);
	while (memory_figure("MemAvailable") > (long long)(24 * MIB)) {
		for (pos = 0; pos < ARRAY_SIZE(pages) * PAGE; pos += PAGE)
			p[size + pos] = 1;
		phys_pages(p + size, ARRAY_SIZE(pages), pages);
		for (i = 0; i < ARRAY_SIZE(pages); i++)
			found += bad_pages_in(pages[i], PAGE);
		size += pos;
	}
	diag("%zu MiB of a program were looked at, %lld MiB were left",
	     (size_t)(size / MIB),
	     memory_figure("MemFree") / (long long)MIB);
	munmap(p, room);
	return found;
}

static void nobody_has_them(void)
{
	unsigned int i, remembered = 0;

	for (i = 0; i < nr_bad; i++)
		remembered += is_poisoned(bad_pages[i]);
	is(remembered, nr_bad, "the kernel remembers the pages");
	is(buffers_have(), 0, "no buffer gets one");
	is(program_has(), 0, "no program gets one");
	is(buffers_have(), 0, "no buffer gets one after that");
}

static void one_buffer(size_t size, size_t bad, bool madvised)
{
	bool folio;
	__u64 phys;
	int fd;

	diag("%zu bytes, the error is at %zu, %s", size, bad,
	     madvised ? "by madvise()" : "by its number");
	fd = buffer_make("a", size);
	phys = info(fd).phys_addr + bad;
	if (madvised)
		inject_by_madvise(fd, size, bad);
	else
		inject(phys);
	folio = is_in_folio(phys);
	is(folio, size >= HUGE, "%zu bytes: the page is in a folio of the size of a huge page: %s",
	   size, size >= HUGE ? "yes" : "no");
	if (ok(is_poisoned(phys), "the page has an error")) {
		read_and_write(fd, bad);
		touch_around(fd, size, bad);
	}
	close(fd);
	buffer_drop("a");
	is(is_in_folio(phys), folio, "the folio is not freed");
	bad_pages[nr_bad++] = phys;
}

int main(void)
{
	const struct sigaction action = {
		.sa_sigaction = on_bus_error,
		.sa_flags = SA_SIGINFO,
	};

	sigaction(SIGBUS, &action, NULL);
	one_buffer(8 * MIB, 777 * PAGE, false);
	one_buffer(6 * MIB, 1030 * PAGE, true);
	one_buffer(7 * PAGE, 2 * PAGE, false);
	nobody_has_them();
	return tap_done();
}
