// SPDX-License-Identifier: GPL-2.0-only
/*
 * Coverage-guided fuzzing of all calls to kshm, of users and of root.
 *
 *	fuzz run SECONDS CALLS CORPUS NEW	in the guest: up to one of both limits
 *	fuzz replay FILE...			in the guest: only these programs
 *	fuzz extract RECORD DIR			on the host: the last programs of a guest
 *
 * program.h explains what a program is. CALLS 0 means no limit. Programs that
 * reach edges which those in the directory CORPUS do not are written to NEW.
 */
#include "fuzz.h"

#include <stdarg.h>
#include <time.h>

#include "memory.h"

/* If fewer edges are reached, something is wrong with the fuzzer. */
#define EDGES_WANTED	500

/* Pages that may be missing at the end: the kernel's checks keep some. */
#define LOST_LIMIT	8192

/* Seconds from one report to the next. */
#define TELL		20

#define COMPARED_MAX	128

/* How often a value replaces another that it was compared with. */
#define PAIR_TRIES	3

/* The limit for all values of a program that takes longer than this. */
#define SLOW_TRIES	2
#define SLOW_SECONDS	0.05

const struct call_type call_table[] = {
	{ "open", 3, .run = call_open },
	{ "close", 1, .run = call_close },
	{ "mmap", 7, .run = call_mmap },
	{ "munmap", 3, .run = call_munmap },
	{ "mprotect", 4, .run = call_mprotect },
	{ "madvise", 4, .run = call_madvise },
	{ "mremap", 5, .run = call_mremap },
	{ "touch", 5, .run = call_touch },
	{ "range", 5, .run = call_range },
	{ "pin", 4, .run = call_pin },
	{ "fork", 3, .rare = 32, .run = call_fork },
	{ "ioctl", 7, .run = call_ioctl },
	{ "read", 6, .run = call_read },
	{ "write", 7, .run = call_write },
	{ "lseek", 3, .run = call_lseek },
	{ "splice", 6, .run = call_splice },
	{ "sync", 4, .run = call_sync },
	{ "poll", 2, .run = call_poll },
	{ "sysfs", 4, .run = call_sysfs },
	{ "mkdir", 1, .text = true, .run = call_mkdir },
	{ "rmdir", 1, .run = call_rmdir },
	{ "set", 2, .text = true, .run = call_set },
	{ "show", 2, .run = call_show },
	{ "live", 2, .rare = 32, .run = call_live },
	{ "load", 2, .text = true, .rare = 2048, .run = call_load },
	{ "unload", 0, .rare = 2048, .run = call_unload },
	{ "alloc", 7, .rare = 8, .run = call_alloc },
	{ "reopen", 3, .run = call_reopen },
};

const unsigned int nr_call_types = ARRAY_SIZE(call_table);

bool hits_kshm;
static unsigned long programs_run, calls_made;
static char wrong[256];
static bool replaying;

/**
 * report_bug() - remember that a program has found a bug
 * @fmt: format as for printf()
 */
void report_bug(const char *fmt, ...)
{
	va_list ap;

	if (*wrong)
		return;
	va_start(ap, fmt);
	vsnprintf(wrong, sizeof(wrong), fmt, ap);
	va_end(ap);
}

/**
 * found_bug() - whether a program has found a bug
 */
bool found_bug(void)
{
	return *wrong;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* End after a bug; the record has the program. */
static void stop_if_wrong(const struct program *p)
{
	struct decoded d;

	if (log_has_error())
		report_bug("the kernel's log has an error");
	if (!*wrong)
		return;
	decode(p, &d);
	show(&d);
	ok(false, "program %lu: %s", programs_run, wrong);
	exit(tap_done());
}

static void run(const struct program *p, bool compare)
{
	struct decoded d;
	unsigned int i;

	record_put(p);
	decode(p, &d);
	kcov_start(compare);
	for (i = 0; i < d.nr_calls; i++) {
		if (!compare)
			kcov_mark();
		hits_kshm = false;
		call_table[d.calls[i].op].run(&d.calls[i]);
		calls_made += hits_kshm;
	}
	if (!compare)
		kcov_mark();
	maps_close();
	files_close();
	config_close();
	kcov_stop();
	module_standard();
	programs_run++;
}

/* After the results of KCOV were used, as this runs code of the module, too. */
static void check(const struct program *p)
{
	/*
	 * Reading sysfs takes longer than most programs. The record still has
	 * all programs since the last check.
	 */
	if (replaying || programs_run % RECORDED == 0)
		check_closed();
	stop_if_wrong(p);
}

static void run_and_judge(const struct program *p)
{
	double begin = now();

	run(p, false);
	corpus_judge(p, now() - begin);
	check(p);
}

/* Replace @c->a by @c->b wherever the program has it, at most @most times. */
static unsigned int try_instead(const struct program *p,
				const struct decoded *d,
				const struct compared *c, unsigned int most)
{
	unsigned int i, tries = 0;

	/* Zeros are too frequent. */
	for (i = 0; c->a && i < d->nr_operands && tries < most; i++) {
		struct program q = *p;

		if (!replace_operand(&q, &d->operands[i], c))
			continue;
		run_and_judge(&q);
		tries++;
	}
	return tries;
}

/*
 * Find out which values the module compares when it runs this program. Replace
 * each of both values by the other wherever the program has it.
 */
static void try_compared(const struct program *p)
{
	static struct compared c[COMPARED_MAX];
	unsigned int n, i, tries = 0;
	double begin = now(), took;
	struct decoded d;

	run(p, true);
	took = now() - begin;
	n = kcov_compared(c, COMPARED_MAX);
	check(p);
	decode(p, &d);
	for (i = 0; i < n; i++) {
		struct compared swapped = { c[i].size, c[i].b, c[i].a };

		remember_compared(&c[i]);
		if (tries >= SLOW_TRIES && took > SLOW_SECONDS)
			continue;
		tries += try_instead(p, &d, &c[i], PAIR_TRIES);
		tries += try_instead(p, &d, &swapped, PAIR_TRIES);
	}
}

static void open_all(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	record_open();
	scratch_open();
	maps_open();
	log_open();
	kcov_open();
}

static void print_progress(double seconds)
{
	diag("%.0f s: %lu programs (%.0f a second), %lu calls, %u edges, %u programs kept",
	     seconds, programs_run, programs_run / seconds, calls_made,
	     nr_edges, nr_corpus);
}

static int fuzz(double seconds, unsigned long calls, const char *dir,
		const char *new)
{
	double begin = now(), told = begin, compared = 0, since;
	unsigned int tried = 0;
	struct program p = { 0 };
	long before, lost;

	rnd_seed();
	open_all();
	before = free_pages();
	module_standard();
	run_and_judge(&p);
	corpus_load(dir, run_and_judge);
	diag("%u programs of the corpus reach %u edges", nr_corpus, nr_edges);
	while (now() - begin < seconds && (!calls || calls_made < calls)) {
		if (now() - told > TELL) {
			told = now();
			print_progress(told - begin);
		}
		/* Use at most half of the time for this. */
		since = now();
		if (tried < nr_corpus && compared <= (since - begin) / 2) {
			try_compared(corpus_get(tried++));
			compared += now() - since;
			continue;
		}
		p = *corpus_pick();
		mutate(&p);
		run_and_judge(&p);
	}
	print_progress(now() - begin);
	ok(true, "no program finds a bug");
	ok(nr_edges >= EDGES_WANTED, "%u edges of the module are reached, at least %u",
	   nr_edges, EDGES_WANTED);
	diag("%u new programs are saved", corpus_save(new));
	if (module_unload())
		bail("unload");
	lost = before - free_pages();
	diag("%ld free pages fewer than before", lost);
	ok(lost < LOST_LIMIT, "fewer than %d pages are missing", LOST_LIMIT);
	return tap_done();
}

static int replay(char **files)
{
	struct decoded d;
	struct program p;
	ssize_t n;

	replaying = true;
	open_all();
	module_standard();
	for (; *files; files++) {
		n = read(xopen(*files, O_RDONLY), p.bytes, sizeof(p.bytes));
		if (n < 0)
			bail("%s", *files);
		p.len = n;
		decode(&p, &d);
		show(&d);
		run(&p, false);
		check(&p);
	}
	ok(true, "no program finds a bug");
	return tap_done();
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "run"))
		return fuzz(atof(argv[2]), atol(argv[3]), argv[4], argv[5]);
	if (argc >= 3 && !strcmp(argv[1], "replay"))
		return replay(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "extract"))
		return record_extract(argv[2], argv[3]);
	return 2;
}
