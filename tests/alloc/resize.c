// SPDX-License-Identifier: GPL-2.0-only
/*
 * resize virtio-mem|dimm ROUNDS: the machine gets more memory, and loses it
 * again at any moment of the creation of a buffer in it. The DIMM belongs to a
 * node without a processor, where the kernel hardly ever has slab pages or page
 * tables: a DIMM with such pages cannot go. In many rounds some may stay for that,
 * and the next one is another.
 */
#include "device.h"

#include <linux/kernel-page-flags.h>
#include <signal.h>

#include "clock.h"
#include "configfs.h"
#include "hotplug.h"

#define LIMIT_MS	120000
/* After that a DIMM with pages of the kernel is not waited for. */
#define KERNEL_MS	20000

#define PLUGGED		(256 * MIB)
#define BUFFER		(200 * MIB)

/* The machine has 32 slots. */
#define MAX_STAYED	24

#define KERNEL_PAGE	(1ULL << KPF_SLAB | 1ULL << KPF_PGTABLE)

static const char *device;
static long long before;
static unsigned long long beyond;
static long long usual_ms;
static int stayed;

static bool is_dimm(void)
{
	return !strcmp(device, "dimm");
}

#define VIRTIO_MEM_RESIZE \
	"@qmp {\"execute\": \"qom-set\", \"arguments\": {\"path\": \"/machine/peripheral/vmem\", \"property\": \"requested-size\", \"value\": %llu}}\n"
#define RAM_ADD \
	"@qmp {\"execute\": \"object-add\", \"arguments\": {\"qom-type\": \"memory-backend-ram\", \"id\": \"ram%d\", \"size\": %llu}}\n"
#define RAM_DELETE \
	"@qmp {\"execute\": \"object-del\", \"arguments\": {\"id\": \"ram%d\"}}\n"
#define DIMM_ADD \
	"@qmp {\"execute\": \"device_add\", \"arguments\": {\"driver\": \"pc-dimm\", \"id\": \"dimm%d\", \"memdev\": \"ram%d\", \"node\": 1}}\n"
#define DIMM_REMOVE \
	"@qmp {\"execute\": \"device_del\", \"arguments\": {\"id\": \"dimm%d\"}}\n"

static void virtio_mem_resize(unsigned long long size)
{
	printf(VIRTIO_MEM_RESIZE, size);
	fflush(stdout);
}

/*
 * A device of its own, as one that was removed keeps its name, and its memory,
 * for a moment. QEMU keeps the memory of those before until it is told.
 */
static int dimm;

static void dimm_add(void)
{
	if (dimm > 1)
		printf(RAM_DELETE, dimm - 1);
	dimm++;
	printf(RAM_ADD, dimm, PLUGGED);
	printf(DIMM_ADD, dimm, dimm);
	fflush(stdout);
}

static void dimm_remove(void)
{
	printf(DIMM_REMOVE, dimm);
	fflush(stdout);
}

static void plug(void)
{
	if (is_dimm())
		dimm_add();
	else
		virtio_mem_resize(PLUGGED);
}

static void unplug(void)
{
	if (is_dimm())
		dimm_remove();
	else
		virtio_mem_resize(0);
}

static bool is_plugged(void)
{
	return memory_figure("MemTotal") > before + (long long)(PLUGGED - 128 * MIB);
}

static bool is_unplugged(void)
{
	return memory_figure("MemTotal") < before + (long long)(64 * MIB);
}

/*
 * The guest may refuse to lose a DIMM that is in use; and the driver of
 * virtio-mem waits 50 s when it could not unplug all, unless it hears of a new
 * size.
 */
static void unplug_again(void)
{
	static bool odd;

	if (is_dimm()) {
		dimm_remove();
	} else {
		odd = !odd;
		virtio_mem_resize(odd ? 2 * MIB : 0);
	}
}

/* Where the memory ends, and what is added begins. */
static unsigned long long end_of_ram(void)
{
	unsigned long long last, end = 0;
	FILE *f = fopen("/proc/iomem", "re");
	char line[256];

	if (!f)
		bail("cannot read where memory is");
	while (fgets(line, sizeof(line), f))
		if (strstr(line, ": System RAM") &&
		    sscanf(line, "%*x-%llx", &last) == 1 && last >= end)
			end = last + 1;
	fclose(f);
	return end;
}

/* Slab pages and page tables in memory that was added: it cannot go then. */
static size_t kernel_pages(void)
{
	int fd = xopen("/proc/kpageflags", O_RDONLY);
	off_t pfn = beyond / PAGE;
	size_t found = 0, i;
	__u64 flags[4096];
	ssize_t len;

	while ((len = pread(fd, flags, sizeof(flags), pfn * sizeof(*flags))) > 0) {
		for (i = 0; i < len / sizeof(*flags); i++)
			found += !!(flags[i] & KERNEL_PAGE);
		pfn += len / sizeof(*flags);
	}
	close(fd);
	return found;
}

/* Returns how long it took, -1 for too long. */
static long long wait_for_memory(void)
{
	long long start = now_ms(), last = start;

	while (!is_plugged()) {
		if (now_ms() - start > LIMIT_MS)
			return -1;
		/* A late request to remove the one before has met this one. */
		if (is_dimm() && now_ms() - last > 5000) {
			dimm_add();
			last = now_ms();
		}
		nap_ms(20);
	}
	return now_ms() - start;
}

/* Returns how long it took, -1 for too long. */
static long long wait_for_removal(void)
{
	long long start = now_ms(), last = start;

	while (!is_unplugged()) {
		if (now_ms() - start > LIMIT_MS)
			return -1;
		if (is_dimm() && now_ms() - start > KERNEL_MS && kernel_pages())
			return -1;
		if (now_ms() - last > (is_dimm() ? 700 : 300)) {
			unplug_again();
			last = now_ms();
		}
		nap_ms(20);
	}
	return now_ms() - start;
}

static pid_t creator(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(configfs_try("a", "live", "1") ? 0 : 1);
	return pid;
}

/* Buffers are made beyond all memory that is there. */
static void go_beyond(void)
{
	char text[32];

	before = memory_figure("MemTotal");
	beyond = end_of_ram();
	snprintf(text, sizeof(text), "%llu", beyond);
	configfs_set("a", "addr_min", text);
}

/*
 * In the first round the memory goes after the buffer was made, then at any
 * moment from before it is begun until after it is made. Returns whether the
 * memory came, and went, or may stay.
 */
static bool round_trip(int round, int *made)
{
	static const int percent[] = { 10, 90, 2, 200, 30, 0, 60, 5 };
	long long came, went, took;
	size_t pages;
	pid_t pid;

	plug();
	came = wait_for_memory();
	if (came < 0)
		return false;

	took = now_ms();
	pid = creator();
	if (round) {
		nap_ms(usual_ms * percent[round % ARRAY_SIZE(percent)] / 100);
		unplug();
	}
	*made += !child_status(pid);
	took = now_ms() - took;
	if (!round) {
		usual_ms = took;
		unplug();
	}
	/* What is in use stays. */
	nap_ms(200);
	configfs_set("a", "live", "0");

	went = wait_for_removal();
	diag("it came in %lld ms, a buffer took %lld ms, it went in %lld ms",
	     came, took, went);
	if (went >= 0)
		return true;
	pages = kernel_pages();
	diag("%zu pages of the kernel are in the memory", pages);
	if (!is_dimm() || !pages)
		return false;
	stayed++;
	go_beyond();
	return true;
}

int main(int argc, char **argv)
{
	int rounds, trips = 0, made = 0, may_stay;

	if (argc != 3)
		return 2;
	device = argv[1];
	rounds = atoi(argv[2]);
	may_stay = rounds / 4 < MAX_STAYED ? rounds / 4 : MAX_STAYED;
	buffer_prepare("a", BUFFER);
	go_beyond();
	while (trips < rounds && stayed <= may_stay && round_trip(trips, &made))
		trips++;
	ok(made, "%s: a buffer is made of the memory", device);
	ok(trips == rounds, "%s: memory comes and goes beside buffers", device);
	if (is_dimm())
		ok(stayed <= may_stay, "dimm: at most %d stay for pages of the kernel", may_stay);
	diag("%d of %d buffers were made, %d DIMMs stayed", made, rounds, stayed);
	buffer_drop("a");
	return tap_done();
}
