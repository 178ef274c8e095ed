// SPDX-License-Identifier: GPL-2.0-only
/*
 * false-free WHAT [gigantic|swapped MIB]: buffers of several sizes, while WHAT
 * has set memory apart that is free or looks free. No size fails where a larger
 * one succeeds, what fails does so in time, and the figures for the largest size
 * are right. Meanwhile a page of 1 GiB is in use, or so much memory is swapped.
 */
#include "device.h"

#include <sys/klog.h>

#include "clock.h"
#include "configfs.h"
#include "hotplug.h"

/*
 * 2 seconds on an idle machine; what is asserted allows for one that has much
 * else to do.
 */
#define LIMIT_MS	20000

/* The figures are true of their moment. */
#define TRIES		5

static const char *what;
static long long longest_failure;

/* The last figure in the log. */
static unsigned long long logged_largest(void)
{
	static const char before[] = "size that would succeed now is ";
	static char log[1 << 20];
	char *p, *last = NULL;
	int n = klogctl(3, log, sizeof(log) - 1);

	if (n < 0)
		bail("klogctl");
	log[n] = '\0';
	for (p = log; (p = strstr(p, before)); p++)
		last = p + strlen(before);
	if (!last)
		bail("no figure in the log");
	return strtoull(last, NULL, 10);
}

static unsigned long long configfs_largest(void)
{
	return strtoull(slurp(CONFIGFS "/a/largest"), NULL, 10);
}

/* Whether a buffer can be made now. */
static bool make(unsigned long long size)
{
	char text[32];
	long long start;
	bool made;

	snprintf(text, sizeof(text), "%llu", size);
	configfs_set("a", "size", text);
	start = now_ms();
	made = configfs_try("a", "live", "1");
	if (!made && errno != ENOMEM)
		bail("live");
	start = now_ms() - start;
	if (!made && start > longest_failure)
		longest_failure = start;
	diag("%s: %llu KiB: %s after %lld ms", what, size / KIB,
	     made ? "made" : "refused", start);
	if (made)
		configfs_set("a", "live", "0");
	return made;
}

static void all_fit(void)
{
	static const size_t sizes[] = { 5, 8, 16, 64 };
	unsigned long long largest = 0;
	int i, tries;
	bool made;

	/* From the largest one on, as that is the hardest. */
	for (made = false, tries = 0; !made && tries < TRIES; tries++) {
		largest = configfs_largest();
		made = make(largest);
	}
	ok(made, "%s: the largest size in configfs is made", what);
	for (i = 0; i < (int)ARRAY_SIZE(sizes); i++) {
		if (sizes[i] * MIB > largest)
			skip("smaller sizes", "%llu is the largest", largest);
		else
			ok(make(sizes[i] * MIB), "%s: %zu MiB are made", what,
			   sizes[i]);
	}
}

static void too_large(void)
{
	unsigned long long more, figure = 0;
	bool made, right = false;
	int tries;

	for (made = true, tries = 0; (made || !right) && tries < TRIES; tries++) {
		more = configfs_largest();
		more += more / 10 + 32 * MIB;
		made = make(more);
		if (!made) {
			figure = logged_largest();
			right = make(figure);
		}
	}
	ok(!made, "%s: clearly more fails", what);
	ok(right, "%s: the largest size in the log is made", what);
}

static void use_gigantic_page(void)
{
	char *p = mmap(NULL, GIB, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB |
		       30 << MAP_HUGE_SHIFT, -1, 0);

	if (p == MAP_FAILED)
		bail("no page of 1 GiB");
	*p = 1;
}

static void use_swap(size_t size)
{
	char *p = anon(size);
	size_t i;

	for (i = 0; i < size; i += 64)
		p[i] = i / PAGE;
	if (madvise(p, size, MADV_PAGEOUT))
		bail("MADV_PAGEOUT");
	diag("%lld MiB of swap are used",
	     (memory_figure("SwapTotal") - memory_figure("SwapFree")) / (long long)MIB);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	what = argv[1];
	if (argc == 3)
		use_gigantic_page();
	if (argc == 4)
		use_swap(atoi(argv[3]) * MIB);
	diag("%s: %lld of %lld MiB are available, %lld free", what,
	     memory_figure("MemAvailable") / (long long)MIB,
	     memory_figure("MemTotal") / (long long)MIB,
	     memory_figure("MemFree") / (long long)MIB);
	buffer_prepare("a", PAGE);
	all_fit();
	too_large();
	ok(longest_failure < LIMIT_MS, "%s: what fails ends in time, after %lld ms",
	   what, longest_failure);
	buffer_drop("a");
	return tap_done();
}
