// SPDX-License-Identifier: GPL-2.0-only
/* The corpus: programs that reached an edge first. */
#include "fuzz.h"

#include <dirent.h>

#define CORPUS_MAX	4096
#define TRACE_MAX	(256U << 10)

/* Seconds. Programs that take less time are treated alike. */
#define QUICK		0.004

/* The share of a program with a rare call is this divided by rare. */
#define RARE_SHARE	8.0

/**
 * struct entry - a program of the corpus
 * @program:   the program
 * @edges:     the edges that it reaches
 * @nr_edges:  number of edges
 * @share:     probability that it is used when it is picked
 * @old:       it was loaded from a file
 */
struct entry {
	struct program program;
	__u32 *edges;
	unsigned int nr_edges;
	double share;
	bool old;
};

static struct entry corpus[CORPUS_MAX];
unsigned int nr_corpus, nr_edges;

static __u32 trace[TRACE_MAX];
static __u8 reached[EDGES / 8], seen[EDGES / 8];
static bool loading;

static bool has(const __u8 *set, __u32 edge)
{
	return set[edge / 8] & 1 << edge % 8;
}

static void add(__u8 *set, __u32 edge)
{
	set[edge / 8] |= 1 << edge % 8;
}

/* Removes duplicates. Returns the number of edges that are left. */
static unsigned int unique(__u32 *edges, unsigned int n)
{
	unsigned int i, kept = 0;

	for (i = 0; i < n; i++) {
		if (has(seen, edges[i]))
			continue;
		add(seen, edges[i]);
		edges[kept++] = edges[i];
	}
	for (i = 0; i < kept; i++)
		seen[edges[i] / 8] = 0;
	return kept;
}

/*
 * A program that takes ten times as long as a quick one is used a tenth as often.
 * Programs made from one with a rare call have this call, too, so it is used
 * rarely.
 */
static double share_of(const struct program *p, double seconds)
{
	double share = seconds > QUICK ? QUICK / seconds : 1;
	struct decoded d;
	unsigned int i;

	share *= share;
	decode(p, &d);
	for (i = 0; i < d.nr_calls; i++) {
		double rare = call_table[d.calls[i].op].rare;

		if (rare && share > RARE_SHARE / rare)
			share = RARE_SHARE / rare;
	}
	return share;
}

/**
 * corpus_judge() - add a program that has just run if it reached a new edge
 * @p:	     the program
 * @seconds: how long it took
 */
void corpus_judge(const struct program *p, double seconds)
{
	unsigned int n = unique(trace, kcov_edges(trace, TRACE_MAX)), i, new = 0;
	struct entry *e;

	for (i = 0; i < n; i++)
		new += !has(reached, trace[i]);
	if ((!new && !loading) || nr_corpus == CORPUS_MAX)
		return;
	for (i = 0; i < n; i++)
		add(reached, trace[i]);
	nr_edges += new;
	e = &corpus[nr_corpus++];
	e->program = *p;
	e->share = share_of(p, seconds);
	e->old = loading;
	e->edges = malloc(n * sizeof(*trace) + 1);
	if (!e->edges)
		bail("no memory");
	memcpy(e->edges, trace, n * sizeof(*trace));
	e->nr_edges = n;
}

/**
 * corpus_get() - a program of the corpus
 * @i: its index
 */
const struct program *corpus_get(unsigned int i)
{
	return &corpus[i].program;
}

/**
 * corpus_pick() - pick a program at random: half of the time a new one
 */
const struct program *corpus_pick(void)
{
	unsigned int first, i;

	for (;;) {
		first = rnd(2) ? 0 : nr_corpus - nr_corpus / 4;
		if (first == nr_corpus)
			first = 0;
		i = first + rnd(nr_corpus - first);
		if (rnd(1000000) < 1e6 * corpus[i].share)
			return &corpus[i].program;
	}
}

/**
 * corpus_load() - run the programs of a directory and add all of them
 * @path: the directory
 * @run:  runs a program
 */
void corpus_load(const char *path, void (*run)(const struct program *p))
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		bail("%s", path);
	loading = true;
	while ((entry = readdir(dir))) {
		struct program p;
		ssize_t n;
		int fd;

		if (entry->d_name[0] == '.')
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
		n = fd < 0 ? -1 : read(fd, p.bytes, sizeof(p.bytes));
		if (n < 0)
			bail("%s/%s", path, entry->d_name);
		close(fd);
		p.len = n;
		run(&p);
	}
	loading = false;
	closedir(dir);
}

static unsigned int gain(const struct entry *e)
{
	unsigned int i, n = 0;

	for (i = 0; i < e->nr_edges; i++)
		n += !has(seen, e->edges[i]);
	return n;
}

static void cover(const struct entry *e)
{
	unsigned int i;

	for (i = 0; i < e->nr_edges; i++)
		add(seen, e->edges[i]);
}

/* The name of a file is a hash of its contents (FNV-1a). */
static void save(const struct program *p, const char *dir)
{
	__u64 hash = 0xcbf29ce484222325;
	char path[300];
	unsigned int i;
	int fd;

	for (i = 0; i < p->len; i++)
		hash = (hash ^ p->bytes[i]) * 0x100000001b3;
	snprintf(path, sizeof(path), "%s/%016llx", dir, hash);
	fd = xopen(path, O_WRONLY | O_CREAT | O_TRUNC);
	if (write(fd, p->bytes, p->len) != (ssize_t)p->len)
		bail("write %s", path);
	close(fd);
}

/**
 * corpus_save() - write the new programs that are needed to reach all edges
 * @dir: directory for the files
 *
 * Return: their number.
 */
unsigned int corpus_save(const char *dir)
{
	unsigned int i, saved = 0, best = 0, most;

	memset(seen, 0, sizeof(seen));
	for (i = 0; i < nr_corpus; i++)
		if (corpus[i].old)
			cover(&corpus[i]);
	for (;;) {
		most = 0;
		for (i = 0; i < nr_corpus; i++) {
			unsigned int n = gain(&corpus[i]);

			if (n > most ||
			    (n && n == most && corpus[i].program.len <
			     corpus[best].program.len)) {
				most = n;
				best = i;
			}
		}
		if (!most)
			return saved;
		cover(&corpus[best]);
		save(&corpus[best].program, dir);
		saved++;
	}
}
