// SPDX-License-Identifier: GPL-2.0-only
/*
 * rounds SEED: a thousand times a buffer of random size is made or taken away,
 * while some others live. Each is zeroed when made, apart from the others,
 * has its contents when it goes, and at the end no page is missing.
 */
#include "guest.h"

#include "configfs.h"
#include "memory.h"

#define ROUNDS		1000
#define FIRST_ROUNDS	100	/* not counted */
#define SLOTS		8
#define PAGES_LIMIT	(ROUNDS / 5)

/* A buffer that may be there. */
static struct slot {
	char name[8];
	bool live;
	struct kshm_info info;
	__u64 seed;
	char *kept;		/* a mapping that outlives the device, or NULL */
} slots[SLOTS];

static unsigned long made, bytes, wrong;

/* From a page to 64 MiB, as often small as large. */
static size_t random_size(void)
{
	size_t limit = PAGE << (random() % 15);

	return 1 + random() % limit;
}

/* The first and the last page, and one in each 64 between. */
static size_t next_page(size_t off, size_t size)
{
	size_t next = off + 64 * PAGE;

	return off == size - PAGE || next < size ? next : size - PAGE;
}

static void mark(char *p, size_t size, __u64 seed)
{
	size_t off;

	for (off = 0; off < size; off = next_page(off, size))
		fill(p + off, PAGE, seed + off);
}

static bool marked(const char *p, size_t size, __u64 seed)
{
	size_t off;

	for (off = 0; off < size; off = next_page(off, size))
		if (!filled(p + off, PAGE, seed + off))
			return false;
	return true;
}

static void expect(bool good, const struct slot *s, const char *what)
{
	if (good)
		return;
	wrong++;
	diag("round with seed %llu, %llu bytes at %#llx: not %s", s->seed,
	     s->info.size, s->info.phys_addr, what);
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
	expect(s->info.size == size, s, "of the right size");
	p = map(fd, size, 0);
	expect(apart_from_others(s), s, "apart from the others");
	expect(zero(p, size), s, "zeroed");
	mark(p, size, seed);
	close(fd);
	if (random() % 4)
		munmap(p, size);
	else
		s->kept = p;
	made++;
	bytes += size;
}

static void take_away(struct slot *s)
{
	if (s->live) {
		int fd = buffer_open(s->name);
		char *p = map(fd, s->info.size, 0);

		expect(marked(p, s->info.size, s->seed), s, "as it was");
		munmap(p, s->info.size);
		close(fd);
		buffer_drop(s->name);
		s->live = false;
		return;
	}
	/* The device is gone, the memory is there. */
	expect(marked(s->kept, s->info.size, s->seed), s, "as it was, kept");
	munmap(s->kept, s->info.size);
	s->kept = NULL;
}

static void round_of(__u64 seed)
{
	struct slot *s = &slots[random() % SLOTS];

	if (s->live || s->kept)
		take_away(s);
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
			take_away(&slots[i]);
}

int main(int argc, char **argv)
{
	long before;
	int i;

	if (argc != 2)
		return 2;
	srandom(strtoul(argv[1], NULL, 0));
	diag("seed %s", argv[1]);
	for (i = 0; i < SLOTS; i++)
		snprintf(slots[i].name, sizeof(slots[i].name), "r%d", i);

	/* In the first rounds the kernel takes what it keeps for later ones. */
	rounds(1, FIRST_ROUNDS);
	before = free_pages();
	rounds(FIRST_ROUNDS + 1, FIRST_ROUNDS + ROUNDS);
	diag("%lu buffers, %lu MiB", made, (unsigned long)(bytes / MIB));
	is(wrong, 0, "%d rounds: all buffers are right", ROUNDS);
	before -= free_pages();
	diag("%ld pages less are free", before);
	ok(before < PAGES_LIMIT, "no page is missing");
	return tap_done();
}
