// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records that a BPF program writes to a BPF ring buffer. bpf(2) runs the
 * program many times in one call, in the kernel, so that it stands for a driver
 * that has news all the time. It writes each record in place, between
 * bpf_ringbuf_reserve() and bpf_ringbuf_submit(), and 64 of them each time.
 *
 * The reader maps the ring buffer. It is woken by epoll or poll(), once for
 * the first record after it has taken all others. Nothing of the kind tells
 * the writer that there is room, so the reader does this by a futex.
 */
#define _GNU_SOURCE
#include "bpf_ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

#define PAGE		sysconf(_SC_PAGESIZE)
#define HEADER		BPF_RINGBUF_HDR_SZ
#define ENTRY		(HEADER + sizeof(struct stream_record))
#define RUNS		16	/* of the program in one call */

/* The value of an array map, which the program and this program share. */
static struct state {
	uint64_t number;	/* of the next record */
	uint64_t refused;
} *state;

static int ring_fd;
static unsigned long *consumed, *produced;	/* bytes, ever */
static const char *data;
static unsigned int *waits;	/* the writer sleeps until there is room */

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int make_map(int type, int key, int value, int entries, int flags)
{
	union bpf_attr attr = {
		.map_type = type, .key_size = key, .value_size = value,
		.max_entries = entries, .map_flags = flags,
	};
	int fd = bpf(BPF_MAP_CREATE, &attr);

	if (fd < 0)
		die("BPF_MAP_CREATE");
	return fd;
}

/* Instructions. MORE() is the upper half of what MAP() loads. */
#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), \
			    .off = (o), .imm = (i) })
#define MOVE(d, s)	INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define SET(d, i)	INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define ADD(d, i)	INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define MULTIPLY(d, i)	INSN(BPF_ALU64 | BPF_MUL | BPF_K, d, 0, 0, i)
#define LOAD(d, s, o)	INSN(BPF_LDX | BPF_MEM | BPF_DW, d, s, o, 0)
#define STORE(d, o, s)	INSN(BPF_STX | BPF_MEM | BPF_DW, d, s, o, 0)
#define MAP(d, kind, fd) INSN(BPF_LD | BPF_IMM | BPF_DW, d, kind, 0, fd)
#define MORE()		INSN(0, 0, 0, 0, 0)
#define CALL(f)		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, f)
#define JUMP(o)		INSN(BPF_JMP | BPF_JA, 0, 0, o, 0)
#define IF_ZERO(d, o)	INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, o, 0)
#define IF_NOT_ZERO(d, o) INSN(BPF_JMP | BPF_JNE | BPF_K, d, 0, o, 0)
#define EXIT()		INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

enum { R0, R1, R2, R3, STATE = 6, NUMBER, LEFT };

#define FIELD(n)	((int)sizeof(uint64_t) * (n))

/* Where these instructions are. */
enum { LOOP = 4, STORES = 10, REPEAT = 26, FULL = 28, OUT = 31 };

static int load_program(int state_fd)
{
	const struct bpf_insn program[] = {
		MAP(STATE, BPF_PSEUDO_MAP_VALUE, state_fd),
		MORE(),
		LOAD(NUMBER, STATE, offsetof(struct state, number)),
		SET(LEFT, BATCH),
		/* LOOP: room for a record */
		MAP(R1, BPF_PSEUDO_MAP_FD, ring_fd),
		MORE(),
		SET(R2, sizeof(struct stream_record)),
		SET(R3, 0),
		CALL(BPF_FUNC_ringbuf_reserve),
		IF_ZERO(R0, FULL - STORES),
		/* STORES: the same as record_fill() */
		STORE(R0, FIELD(0), NUMBER),
		STORE(R0, FIELD(1), NUMBER),
		STORE(R0, FIELD(2), NUMBER),
		STORE(R0, FIELD(3), NUMBER),
		STORE(R0, FIELD(4), NUMBER),
		STORE(R0, FIELD(5), NUMBER),
		STORE(R0, FIELD(6), NUMBER),
		MOVE(R1, NUMBER),
		MULTIPLY(R1, 7),
		STORE(R0, FIELD(7), R1),
		MOVE(R1, R0),
		SET(R2, 0),
		CALL(BPF_FUNC_ringbuf_submit),
		ADD(NUMBER, 1),
		STORE(STATE, offsetof(struct state, number), NUMBER),
		ADD(LEFT, -1),
		/* REPEAT */
		IF_NOT_ZERO(LEFT, LOOP - (REPEAT + 1)),
		JUMP(OUT - (REPEAT + 2)),
		/* FULL: the record is for the next time */
		LOAD(R1, STATE, offsetof(struct state, refused)),
		ADD(R1, 1),
		STORE(STATE, offsetof(struct state, refused), R1),
		/* OUT */
		SET(R0, 0),
		EXIT(),
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(*program),
		.license = (uintptr_t)"GPL",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		die("BPF_PROG_LOAD");
	return fd;
}

static unsigned long load(const unsigned long *position)
{
	return __atomic_load_n(position, __ATOMIC_ACQUIRE);
}

static bool has_room(void)
{
	return ROOM - (load(produced) - load(consumed)) > ENTRY;
}

/* As kshm_ring.h describes it: the flag, a barrier, another look. */
static void wait_for_room(void)
{
	__atomic_store_n(waits, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!has_room())
		syscall(SYS_futex, waits, FUTEX_WAIT, 1, NULL, NULL, 0);
}

static void wake_writer(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!__atomic_load_n(waits, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(waits, 0, __ATOMIC_RELAXED);
	syscall(SYS_futex, waits, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void run_program(int program)
{
	static const char packet[64];
	uint64_t refused = 0;

	for (;;) {
		union bpf_attr attr = {
			.test.prog_fd = program,
			.test.data_in = (uintptr_t)packet,
			.test.data_size_in = sizeof(packet),
			.test.repeat = RUNS,
		};

		if (bpf(BPF_PROG_TEST_RUN, &attr))
			die("BPF_PROG_TEST_RUN");
		if (state->refused != refused) {
			refused = state->refused;
			wait_for_room();
		}
	}
}

static void *map(int fd, size_t size, int prot, off_t offset)
{
	void *p = mmap(NULL, size, prot, MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0),
		       fd, offset);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

pid_t bpf_ring_start(void)
{
	const struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };
	int state_fd, program;
	pid_t pid;

	/* Before 5.11 maps count as locked memory. */
	setrlimit(RLIMIT_MEMLOCK, &any);
	ring_fd = make_map(BPF_MAP_TYPE_RINGBUF, 0, 0, ROOM, 0);
	state_fd = make_map(BPF_MAP_TYPE_ARRAY, sizeof(int), sizeof(*state), 1,
			    BPF_F_MMAPABLE);
	program = load_program(state_fd);

	state = map(state_fd, PAGE, PROT_READ | PROT_WRITE, 0);
	consumed = map(ring_fd, PAGE, PROT_READ | PROT_WRITE, 0);
	/* The data are there twice, so that no record is divided. */
	produced = map(ring_fd, PAGE + 2 * ROOM, PROT_READ, PAGE);
	data = (const char *)produced + PAGE;
	waits = map(-1, PAGE, PROT_READ | PROT_WRITE, 0);

	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_program(program);
	}
	return pid;
}

int bpf_ring_take(void (*use)(const struct stream_record *record))
{
	unsigned long position = *consumed, end = load(produced);
	int taken;

	for (taken = 0; taken < BATCH && position != end; taken++) {
		const char *entry = data + (position & (ROOM - 1));
		uint32_t len = __atomic_load_n((const uint32_t *)entry,
					       __ATOMIC_ACQUIRE);

		/* No other program writes here, and ours discards nothing. */
		if (len & BPF_RINGBUF_BUSY_BIT)
			break;
		if (len != sizeof(struct stream_record)) {
			errno = EPROTO;
			die("BPF ring buffer");
		}
		use((const struct stream_record *)(entry + HEADER));
		position += ENTRY;
		__atomic_store_n(consumed, position, __ATOMIC_RELEASE);
	}
	if (taken)
		wake_writer();
	return taken;
}

void bpf_ring_wait(void)
{
	struct pollfd p = { .fd = ring_fd, .events = POLLIN };

	if (poll(&p, 1, -1) != 1)
		die("poll");
}

uint64_t bpf_ring_refused(void)
{
	return __atomic_load_n(&state->refused, __ATOMIC_RELAXED);
}
