// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshmctl verify: test that a buffer works on this machine, after an installation
 * or on a new kernel.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/kshm.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "buffer.h"
#include "commands.h"
#include "config.h"
#include "errors.h"
#include "progress.h"
#include "reach.h"
#include "util.h"

/* What is looked at in one step of the bar; what is transferred by O_DIRECT. */
#define STEP (16UL << 20)
#define DIRECT_BYTES (1UL << 20)

/* Bit 63 of an entry of pagemap: present; bits 0 to 54: page frame. */
#define PM_PRESENT (UINT64_C(1) << 63)
#define PM_PFN ((UINT64_C(1) << 55) - 1)

static const char help[] =
	"Usage: kshmctl verify [OPTION...]\n"
	"       kshmctl verify [--device BUS/NAME] BUFFER...\n\n"
	"Test that buffers work on this machine. Without a buffer, a new one is created\n"
	"and removed afterwards. The contents of a buffer that is given stay; its\n"
	"doorbell is rung.\n\n"
	"  -d, --device BUS/NAME  test that this device can use the buffer; a new one is\n"
	"                         attached to it\n"
	"  -s, --size SIZE        size of the new buffer, 8M by default\n"
	"  -h, --help             print this text\n";

/**
 * struct subject - the buffer that is tested
 * @arg: as the user named it
 * @fd: open file
 * @info: what the driver says about it
 * @mem: mapping of the whole buffer
 * @new: whether nobody else has used it
 * @tests: number of tests
 * @failed: number of those that have failed
 */
struct subject {
	const char *arg;
	int fd;
	struct kshm_info info;
	volatile unsigned char *mem;
	bool new;
	unsigned int tests;
	unsigned int failed;
};

static void passed(const char *test)
{
	printf("ok       %s\n", test);
}

static void left_out(const char *test, const char *why)
{
	printf("skipped  %s: %s\n", test, why);
}

static void __attribute__((format(printf, 3, 4)))
failed(struct subject *s, const char *test, const char *format, ...)
{
	va_list args;

	progress_end();
	printf("FAILED   %s: ", test);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	s->failed++;
}

/* A new buffer has only zeros, in read(2) and in the mapping. */
static void test_zeroed(struct subject *s)
{
	static const char test[] = "a new buffer has only zeros";
	const uint64_t *word = (const uint64_t *)s->mem;
	uint64_t i, n = s->info.size / sizeof(*word);

	if (!s->new) {
		left_out(test, "this one was in use before");
		return;
	}
	progress_begin("zeros", s->info.size);
	for (i = 0; i < n; i++) {
		if (word[i]) {
			failed(s, test, "byte %" PRIu64 " and the next have 0x%" PRIx64, i * 8,
			       word[i]);
			return;
		}
		if (!(i * sizeof(*word) % STEP))
			progress(i * sizeof(*word));
	}
	progress_end();
	passed(test);
}

/* Compare the page frames of @pages pages from @first on. Returns the one that differs. */
static uint64_t compare_frames(const uint64_t *entries, uint64_t first, uint64_t pages,
			       uint64_t base)
{
	uint64_t i;

	for (i = 0; i < pages; i++) {
		if (!(entries[i] & PM_PRESENT) || (entries[i] & PM_PFN) != base + first + i)
			break;
	}
	return i;
}

/* The page frames of the mapping are contiguous, from the physical address on. */
static void test_contiguous(struct subject *s)
{
	static const char test[] = "all pages are contiguous from phys_addr on";
	uint64_t page = sysconf(_SC_PAGESIZE), entries[512];
	uint64_t i, n, at, bad, pages = s->info.size / page;
	uint64_t base = s->info.phys_addr / page;
	int fd;

	if (s->info.backing == KSHM_BACKING_CARVEOUT) {
		left_out(test, "the kernel does not show the pages of a carveout");
		return;
	}
	if (!s->info.phys_addr || geteuid()) {
		left_out(test, "only root can see page frames");
		return;
	}
	fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		left_out(test, "the kernel has no /proc/self/pagemap");
		return;
	}
	progress_begin("pages", s->info.size);
	for (i = 0; i < pages; i += n) {
		n = pages - i < 512 ? pages - i : 512;
		for (at = i; at < i + n; at++)
			(void)s->mem[at * page];
		if (pread(fd, entries, n * 8, ((uintptr_t)s->mem / page + i) * 8) !=
		    (ssize_t)(n * 8)) {
			failed(s, test, "/proc/self/pagemap: %s", strerror(errno));
			break;
		}
		bad = compare_frames(entries, i, n, base);
		if (bad < n) {
			failed(s, test, "page %ju has the frame 0x%jx, not 0x%jx",
			       (uintmax_t)(i + bad), (uintmax_t)(entries[bad] & PM_PFN),
			       (uintmax_t)(base + i + bad));
			break;
		}
		progress(i * page);
	}
	progress_end();
	close(fd);
	if (i >= pages)
		passed(test);
}

/* A store to one mapping is seen in another, and by read(2). */
static void test_mappings(struct subject *s)
{
	static const char test[] = "two mappings and read see the same bytes";
	uint64_t at[2] = { 0, s->info.size - 1 };
	volatile unsigned char *other;
	unsigned int i, bad = 0;

	other = mmap(NULL, s->info.size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
	if (other == MAP_FAILED) {
		failed(s, test, "mmap: %s", strerror(errno));
		return;
	}
	for (i = 0; i < 2; i++) {
		unsigned char before = s->mem[at[i]], changed = before ^ 0x5a, byte;

		s->mem[at[i]] = changed;
		bad += other[at[i]] != changed;
		bad += pread(s->fd, &byte, 1, at[i]) != 1 || byte != changed;
		other[at[i]] = before;
		bad += s->mem[at[i]] != before;
	}
	munmap((void *)other, s->info.size);
	if (bad)
		failed(s, test, "%u of 6 comparisons differ", bad);
	else
		passed(test);
}

/* A temporary file without a name, open for direct transfers; its directory. */
static int direct_file(const char **dir)
{
	const char *const dirs[] = { getenv("TMPDIR"), "/var/tmp", "/tmp", "." };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		char *path;
		int fd, flags;

		if (!dirs[i])
			continue;
		path = xasprintf("%s/kshmctl.XXXXXX", dirs[i]);
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
		free(path);
		if (fd < 0)
			continue;
		flags = fcntl(fd, F_GETFL);
		if (flags >= 0 && !fcntl(fd, F_SETFL, flags | O_DIRECT)) {
			*dir = dirs[i];
			return fd;
		}
		close(fd);
	}
	return -1;
}

/* Write the start of the buffer, from the mapping, without a copy; compare. */
static void test_direct(struct subject *s)
{
	static const char test[] = "O_DIRECT from a mapping to a file";
	size_t len = s->info.size < DIRECT_BYTES ? s->info.size : DIRECT_BYTES;
	const char *dir = NULL;
	unsigned char *copy;
	ssize_t done;
	int fd, bad;

	if (s->info.backing == KSHM_BACKING_CARVEOUT) {
		left_out(test, "carveouts have no pages for it");
		return;
	}
	fd = direct_file(&dir);
	if (fd < 0) {
		left_out(test, "no file system for temporary files has it; set TMPDIR");
		return;
	}
	if (s->new)
		memset((void *)s->mem, 0xa5, len);
	done = pwrite(fd, (void *)s->mem, len, 0);
	if (done != (ssize_t)len) {
		failed(s, test, "%s in %s", done < 0 ? strerror(errno) : "a short transfer", dir);
		close(fd);
		return;
	}
	copy = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (copy == MAP_FAILED) {
		failed(s, test, "mmap of a file in %s: %s", dir, strerror(errno));
		close(fd);
		return;
	}
	bad = memcmp(copy, (void *)s->mem, len);
	munmap(copy, len);
	close(fd);
	if (bad)
		failed(s, test, "the file in %s differs", dir);
	else
		passed(test);
}

/* A ring wakes another open file, and is counted. */
static void test_doorbell(struct subject *s)
{
	static const char test[] = "the doorbell wakes another open file";
	struct kshm_events before = { .struct_size = sizeof(before) };
	struct kshm_events after = { .struct_size = sizeof(after) };
	struct pollfd wait = { .events = POLLPRI };
	struct buffer buf;

	wait.fd = buffer_open(s->arg, O_RDONLY, &buf);
	if (wait.fd < 0) {
		failed(s, test, "the buffer cannot be opened twice");
		return;
	}
	if (ioctl(wait.fd, KSHM_IOC_EVENTS, &before) || ioctl(s->fd, KSHM_IOC_NOTIFY, 0))
		failed(s, test, "%s", strerror(errno));
	else if (poll(&wait, 1, 5000) != 1 || !(wait.revents & POLLPRI))
		failed(s, test, "nothing is reported within 5 seconds");
	else if (ioctl(wait.fd, KSHM_IOC_EVENTS, &after) || after.count <= before.count)
		failed(s, test, "the ring was not counted");
	else
		passed(test);
	close(wait.fd);
}

/* What the driver and sysfs say about the buffer is the same. */
static void test_info(struct subject *s, const struct buffer *buf)
{
	static const char test[] = "ioctl, sysfs and lseek agree";
	uint64_t phys = 0;

	if (lseek(s->fd, 0, SEEK_END) != (off_t)s->info.size || s->info.size != buf->size)
		failed(s, test, "sizes differ");
	else if (strcmp(s->info.name, buf->name))
		failed(s, test, "names differ");
	else if (*buf->phys_addr && parse_size(buf->phys_addr, &phys) && phys != s->info.phys_addr)
		failed(s, test, "physical addresses differ");
	else
		passed(test);
}

/* The device can use the buffer, and by which address. */
static void test_device(struct subject *s, const struct buffer *buf, const char *device)
{
	char *test = xasprintf("%s can use the buffer", device);
	unsigned int bits;

	switch (device_reach(device, buf, &bits)) {
	case REACH_DMA_ADDR:
		printf("ok       %s, at dma_addr %s\n", test, buf->dma_addr);
		break;
	case REACH_PHYS_ADDR:
		printf("ok       %s, at phys_addr %s\n", test, buf->phys_addr);
		break;
	case REACH_NO_DEVICE:
		failed(s, test, "there is no such device");
		break;
	case REACH_UNKNOWN:
		left_out(test, "only root can see the address");
		break;
	case REACH_VFIO:
		left_out(test, "VFIO has it; a program maps the buffer, see doc/iommu.md");
		break;
	case REACH_TRANSLATED:
		failed(s, test, "an IOMMU translates its addresses, so phys_addr is not for it");
		advise("create the buffer with --device %s", device);
		break;
	case REACH_NO_DRIVER:
		failed(s, test, "its IOMMU is set up only when a driver is bound to it");
		advise("bind a driver, for instance uio_pci_generic, see doc/iommu.md");
		break;
	case REACH_TOO_FEW_BITS:
		failed(s, test, "its addresses have %u bits", bits);
		advise("create the buffer with --addr-bits %u, or with --device %s", bits, device);
		break;
	}
	free(test);
}

/* @device may be NULL. */
static bool verify(const char *arg, bool new, const char *device)
{
	struct subject s = { .arg = arg, .new = new, .tests = device ? 7 : 6 };
	struct buffer buf;
	char *size;

	s.fd = buffer_open(arg, O_RDWR, &buf);
	if (s.fd < 0)
		return false;
	s.info.struct_size = sizeof(s.info);
	if (ioctl(s.fd, KSHM_IOC_INFO, &s.info)) {
		warn("%s: KSHM_IOC_INFO", arg);
		close(s.fd);
		return false;
	}
	s.mem = mmap(NULL, s.info.size, PROT_READ | PROT_WRITE, MAP_SHARED, s.fd, 0);
	if (s.mem == MAP_FAILED) {
		warn("%s: mmap", arg);
		close(s.fd);
		return false;
	}
	size = format_size(s.info.size, false);
	printf("%s: %s, %s, %s, %s\n", buf.device, buf.name, size, buf.backing, buf.cache);
	free(size);
	test_info(&s, &buf);
	test_zeroed(&s);
	test_contiguous(&s);
	test_mappings(&s);
	test_direct(&s);
	test_doorbell(&s);
	if (device)
		test_device(&s, &buf, device);
	munmap((void *)s.mem, s.info.size);
	close(s.fd);
	if (s.failed)
		warnx("%s: %u of %u tests failed", arg, s.failed, s.tests);
	return !s.failed;
}

static bool verify_new(uint64_t bytes, char *attach)
{
	char *name = xasprintf("kshmctl-%d", (int)getpid());
	struct request req = { .name = name };
	struct utsname system;
	char device[16];
	bool good;

	require_config();
	req.value[ATTR_SIZE] = xasprintf("%" PRIu64, bytes);
	req.value[ATTR_DEVICE] = attach;
	good = config_create(&req, "", device, sizeof(device));
	if (good) {
		config_guard(name);
		config_wait_node(name, device);
		if (!uname(&system))
			printf("%s %s, ", system.sysname, system.release);
		good = verify(device, true, attach);
		good &= config_remove(name);
		config_guard(NULL);
	}
	free(req.value[ATTR_SIZE]);
	free(name);
	return good;
}

int cmd_verify(int argc, char **argv)
{
	static const struct option options[] = {
		{ "device", required_argument, NULL, 'd' },
		{ "size", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int c, status = EXIT_SUCCESS;
	char *device = NULL;
	uint64_t bytes = 0;

	while ((c = getopt_long(argc, argv, "d:s:h", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			device = optarg;
			break;
		case 's':
			bytes = size_option("verify", "--size", optarg);
			break;
		case 'h':
			command_help(help);
		default:
			command_misused("verify");
		}
	}
	if (optind < argc && bytes) {
		warnx("--size is for a new buffer");
		command_misused("verify");
	}
	if (optind == argc)
		return verify_new(bytes ?: 8 << 20, device) ? EXIT_SUCCESS : EXIT_FAILURE;
	for (; optind < argc; optind++) {
		if (!verify(argv[optind], false, device))
			status = EXIT_FAILURE;
	}
	return status;
}
