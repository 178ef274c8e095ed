// SPDX-License-Identifier: GPL-2.0-only
/*
 * churn SEED: create or remove a buffer of random size a thousand times, while
 * some others exist. A new buffer is zeroed and shares no memory with others; a
 * buffer has its contents when it is removed; at the end, fewer than PAGES_LIMIT
 * pages are missing.
 */
#include "base.h"

#include "configfs.h"
#include "device.h"
#include "memory.h"
#include "pattern.h"

#define ROUNDS		1000
#define FIRST_ROUNDS	100	/* not counted */
#define SLOTS		8
#define PAGES_LIMIT	(ROUNDS / 5)

/* A buffer, or none. */
static struct slot {
	char name[8];
	bool live;
	struct kshm_info info;
	__u64 seed;
	char *kept;		/* a mapping that is kept without the device */
} slots[SLOTS];

static unsigned long made, bytes, wrong;
static struct marks marks;	/* a page in each 64 is filled */

/*
 * From a page to 64 MiB, as often small as large. With KASAN, which takes a half
 * of memory, to 32 MiB: all slots together must leave a range of this size.
 */
static size_t random_size(void)
{
	size_t limit = PAGE << (random() % (kasan() ? 14 : 15));

	return 1 + random() % limit;
}

static void expect(bool good, const struct slot *s, const char *what)
{
	if (good)
		return;
	wrong++;
	diag("round %llu, %llu bytes at %#llx: %s", s->seed, s->info.size,
	     s->info.phys_addr, what);
}

static bool apart_from_others(const struct slot *s)
{
	const struct slot *o;

	for (o = slots; o < slots + SLOTS; o++)
		if (o != s && (o->live || o->kept) &&
		    s->info.phys_addr < o->info.phys_addr + o->info.size &&
		    o->info.phys_addr < s->info.phys_addr + s->info.size)
			return false;
	return true;
}

static void add(struct slot *s, __u64 seed)
{
	size_t size = random_size();
	int fd = buffer_make(s->name, size);
	char *p;

	s->info = info(fd);
	s->seed = seed;
	s->live = true;
	size = (size + PAGE - 1) & -PAGE;
	expect(s->info.size == size, s, "wrong size");
	p = map(fd, size, 0);
	expect(apart_from_others(s), s, "shares memory with another buffer");
	expect(zero(p, size), s, "not zeroed");
	mark(marks, p, size, seed);
	close(fd);
	if (random() % 4)
		munmap(p, size);
	else
		s->kept = p;
	made++;
	bytes += size;
}

static void drop(struct slot *s)
{
	if (s->live) {
		int fd = buffer_open(s->name);
		char *p = map(fd, s->info.size, 0);

		expect(marked(marks, p, s->info.size, s->seed), s, "lost contents");
		munmap(p, s->info.size);
		close(fd);
		buffer_drop(s->name);
		s->live = false;
		return;
	}
	/* Without the device, only the mapping keeps the memory. */
	expect(marked(marks, s->kept, s->info.size, s->seed), s, "lost contents of a kept mapping");
	munmap(s->kept, s->info.size);
	s->kept = NULL;
}

static void round_of(__u64 seed)
{
	struct slot *s = &slots[random() % SLOTS];

	if (s->live || s->kept)
		drop(s);
	else
		add(s, seed);
}

/* Rounds, at the end of which no buffer is left. */
static void rounds(__u64 first, __u64 last)
{
	__u64 i;

	for (i = first; i <= last; i++)
		round_of(i);
	for (i = 0; i < SLOTS; i++)
		while (slots[i].live || slots[i].kept)
			drop(&slots[i]);
}

int main(int argc, char **argv)
{
	long before;
	int i;

	if (argc != 2)
		return 2;
	marks = (struct marks) { .step = 64 * PAGE, .bytes = PAGE };
	srandom(strtoul(argv[1], NULL, 0));
	diag("seed %s", argv[1]);
	for (i = 0; i < SLOTS; i++)
		snprintf(slots[i].name, sizeof(slots[i].name), "r%d", i);

	/* In the first rounds the kernel allocates memory that it keeps. */
	rounds(1, FIRST_ROUNDS);
	before = free_pages();
	rounds(FIRST_ROUNDS + 1, FIRST_ROUNDS + ROUNDS);
	diag("%lu buffers, %lu MiB", made, (unsigned long)(bytes / MIB));
	is(wrong, 0, "%d rounds: buffers that are wrong", ROUNDS);
	before -= free_pages();
	diag("%ld pages less are free", before);
	ok(before < PAGES_LIMIT, "fewer than %d pages are missing",
	   PAGES_LIMIT);
	return tap_done();
}
