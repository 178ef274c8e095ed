// SPDX-License-Identifier: GPL-2.0-only
/*
 * lru: a processor that becomes idle keeps the last pages it has allocated in a
 * list of its own, and the page allocator cannot isolate memory with such a page.
 * A buffer is asked for at just this place.
 */
#include "base.h"

#include <pthread.h>
#include <sched.h>

#include "configfs.h"
#include "pagemap.h"

#define KPF_LRU		(1ULL << 5)
#define KPF_BUDDY	(1ULL << 10)

#define RANGE		(4 * MIB)
#define ROUNDS		5
#define ATTEMPTS	200

/* What one processor fills; each time it ends at another place of a range. */
#define FIRST		(16 * MIB)
#define STEP		(RANGE / 8)
/* Then the other one, so that few gaps are left. */
#define SECOND		(8 * MIB)

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		bail("sched_setaffinity");
}

static void fill_pages(char *p, size_t len)
{
	size_t i, page = PAGE;

	for (i = 0; i < len; i += page)
		p[i] = 1 + i / page % 100;
}

static bool pages_are_right(const char *p, size_t len)
{
	size_t i, page = PAGE;

	for (i = 0; i < len; i += page)
		if (p[i] != (char)(1 + i / page % 100))
			return false;
	return true;
}

static pthread_barrier_t barrier;
static size_t first;

/* It does not end early, because the end of a thread empties the list. */
static void *fill_first(void *p)
{
	run_on(1);
	fill_pages(p, first);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return NULL;
}

static bool page_is_one_of(const __u64 *phys, size_t pages, __u64 page)
{
	size_t i;

	for (i = 0; i < pages; i++)
		if (phys[i] == page)
			return true;
	return false;
}

/* Whether all of it is free, on an LRU list, or waits for one. */
static bool range_is_ours(__u64 start, const __u64 *phys, size_t pages)
{
	__u64 page;

	for (page = start; page < start + RANGE; page += PAGE)
		if (page_flags(page) & ~KPF_BUDDY &&
		    !(page_flags(page) & KPF_LRU) &&
		    !page_is_one_of(phys, pages, page))
			return false;
	return true;
}

/*
 * A range where a page of the first half waits for its LRU list, so that nothing
 * is allocated there before; 0 if there is none.
 */
static __u64 waiting_range(const __u64 *phys, size_t pages)
{
	size_t i;

	for (i = 0; i < first / PAGE; i++) {
		__u64 start = phys[i] / RANGE * RANGE;

		if (phys[i] < start + RANGE / 2 &&
		    !(page_flags(phys[i]) & KPF_LRU) &&
		    range_is_ours(start, phys, pages))
			return start;
	}
	return 0;
}

static bool allocate(__u64 start)
{
	char text[32];
	bool made;

	sprintf(text, "%llu", start);
	configfs_set("a", "addr_min", text);
	sprintf(text, "%llu", start + RANGE - 1);
	configfs_set("a", "addr_max", text);
	made = configfs_try("a", "live", "1");
	if (made)
		configfs_set("a", "live", "0");
	return made;
}

/* Returns whether there was a page that waits; counts if a buffer was made. */
static bool attempt(int *made, bool *right)
{
	size_t len = first + SECOND, pages = len / PAGE;
	__u64 *phys = malloc(pages * sizeof(*phys)), start;
	char *p = anon(len);
	pthread_t thread;

	madvise(p, len, MADV_NOHUGEPAGE);
	if (!phys || pthread_create(&thread, NULL, fill_first, p))
		bail("thread");
	pthread_barrier_wait(&barrier);
	fill_pages(p + first, SECOND);
	phys_pages(p, pages, phys);
	start = waiting_range(phys, pages);
	if (start)
		*made += allocate(start);
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	if (!pages_are_right(p, first) || !pages_are_right(p + first, SECOND))
		*right = false;
	munmap(p, len);
	free(phys);
	return start;
}

int main(void)
{
	int attempts, rounds = 0, made = 0;
	bool right = true;

	pthread_barrier_init(&barrier, NULL, 2);
	run_on(0);
	buffer_prepare("a", RANGE);
	for (attempts = 0; attempts < ATTEMPTS && rounds < ROUNDS; attempts++) {
		first = FIRST + attempts % 8 * STEP;
		rounds += attempt(&made, &right);
	}
	diag("%d attempts", attempts);
	ok(rounds == ROUNDS, "a page waits in %d of %d rounds", rounds, ROUNDS);
	ok(made == rounds, "in %d of them a buffer is made there", made);
	ok(right, "the program's memory has its contents");
	buffer_drop("a");
	return tap_done();
}
