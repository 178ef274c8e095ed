/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations that the files of the fuzzer share. To be included first. */
#ifndef FUZZ_H
#define FUZZ_H

#include "base.h"
#include "device.h"
#include "kernel.h"
#include "pagemap.h"
#include "pattern.h"
#include "program.h"

/* Loaded before each program: one buffer of each kind of memory. */
#define STANDARD_BUFFERS	"buffers=64K,m:3M,b:5M,c:64K@" RESERVED_TEXT
#define STANDARD_DEVICES	4U

/* An edge is a pair of places in the module; only their lower bits count. */
#define PLACE_BITS	12
#define EDGES		(1U << 2 * PLACE_BITS)

/* Size of the memory that programs read and write. */
#define SCRATCH		(256 * KIB)

/**
 * struct compared - two values that the module has compared
 * @size: bytes
 * @a:	  one
 * @b:	  the other
 */
struct compared {
	unsigned int size;
	__u64 a;
	__u64 b;
};

/**
 * struct device_file - an open device
 * @fd:    -1: none
 * @size:  of its buffer
 * @flags: flags of open()
 */
struct device_file {
	int fd;
	__u64 size;
	int flags;
};

/* main.c */
/* set by a call that reaches kshm */
extern bool hits_kshm;
void report_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool found_bug(void);

/* kcov.c */
void kcov_open(void);
void kcov_start(bool compare);
void kcov_mark(void);
void kcov_stop(void);
unsigned int kcov_edges(__u32 *edges, unsigned int max);
unsigned int kcov_compared(struct compared *c, unsigned int max);

/* record.c: number of programs that are kept */
#define RECORDED	64

void record_open(void);
void record_put(const struct program *p);
int record_extract(const char *record, const char *dir);

/* files.c */
const struct device_file *file_get(__u64 slot);
void files_close(void);
void call_open(const struct call *c);
void call_alloc(const struct call *c);
void call_reopen(const struct call *c);
void call_close(const struct call *c);
void call_ioctl(const struct call *c);
void call_read(const struct call *c);
void call_write(const struct call *c);
void call_lseek(const struct call *c);
void call_splice(const struct call *c);
void call_sync(const struct call *c);
void call_poll(const struct call *c);

/* scratch.c */
extern char *scratch;
void scratch_open(void);
char *scratch_get(__u64 kind, __u64 *len);
bool touch_byte(char *addr, bool write, __u8 *value);

/* maps.c */
void maps_open(void);
void maps_close(void);
char *map_any(__u64 *len);
void call_mmap(const struct call *c);
void call_munmap(const struct call *c);
void call_mprotect(const struct call *c);
void call_madvise(const struct call *c);
void call_mremap(const struct call *c);
void call_touch(const struct call *c);
void call_range(const struct call *c);
void call_pin(const struct call *c);
void call_fork(const struct call *c);

/* config.c */
void config_close(void);
void call_mkdir(const struct call *c);
void call_rmdir(const struct call *c);
void call_set(const struct call *c);
void call_show(const struct call *c);
void call_live(const struct call *c);

/* module.c */
void module_standard(void);
void call_load(const struct call *c);
void call_unload(const struct call *c);
void call_sysfs(const struct call *c);

/* check.c */
void log_open(void);
bool log_has_error(void);
void check_fresh(int minor, bool zeroed);
void check_closed(void);
unsigned int count_entries(const char *path);

/* corpus.c */
extern unsigned int nr_edges, nr_corpus;
void corpus_judge(const struct program *p, double seconds);
void corpus_load(const char *dir, void (*run)(const struct program *p));
unsigned int corpus_save(const char *dir);
const struct program *corpus_get(unsigned int i);
const struct program *corpus_pick(void);

/* mutate.c */
__u32 rnd(__u32 n);
void rnd_seed(void);
void mutate(struct program *p);
void remember_compared(const struct compared *c);
bool replace_operand(struct program *p, const struct operand *o,
		     const struct compared *c);

#endif /* FUZZ_H */
