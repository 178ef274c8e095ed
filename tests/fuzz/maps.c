// SPDX-License-Identifier: GPL-2.0-only
/* Calls on mappings of devices. */
#include "fuzz.h"

#include <sys/uio.h>

#define MAPS	4

/* The range for mappings at a given address; nothing else is in it. */
#define ARENA		((char *)0x200000000000ULL)
#define ARENA_SIZE	(64 * MIB)

static struct {
	char *addr;		/* NULL: none */
	size_t len;
} maps[MAPS];

static bool arena_used;
static int pin_file = -1, pin_pipe[2];

static bool in_arena(const char *addr)
{
	return addr >= ARENA && addr < ARENA + ARENA_SIZE;
}

/**
 * maps_open() - reserve the arena
 */
void maps_open(void)
{
	if (mmap(ARENA, ARENA_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
		 MAP_FIXED | MAP_NORESERVE, -1, 0) != ARENA)
		bail("arena");
	arena_used = false;
	if (pin_file >= 0)
		return;
	pin_file = xopen("/mnt/fuzz", O_RDWR | O_CREAT | O_DIRECT);
	if (pipe2(pin_pipe, O_NONBLOCK | O_CLOEXEC))
		bail("pipe");
}

/**
 * maps_close() - unmap the mappings that the program left
 */
void maps_close(void)
{
	unsigned int i;

	for (i = 0; i < MAPS; i++) {
		if (maps[i].addr && !in_arena(maps[i].addr))
			munmap(maps[i].addr, maps[i].len);
		maps[i].addr = NULL;
	}
	if (arena_used)
		maps_open();
}

/**
 * map_any() - get any mapping
 * @len: in: bytes wanted; out: not more than the mapping has
 *
 * Return: its address, or NULL when there is none.
 */
char *map_any(__u64 *len)
{
	unsigned int i;

	for (i = 0; i < MAPS; i++) {
		if (!maps[i].addr)
			continue;
		if (*len > maps[i].len)
			*len = maps[i].len;
		return maps[i].addr;
	}
	return NULL;
}

/* A range of a mapping: slot, offset, length; 0: 16 pages. */
static bool get_range(const struct call *c, char **addr, size_t *len)
{
	unsigned int i, slot;
	size_t off;

	for (i = 0; i < MAPS; i++) {
		slot = (c->v[0] + i) % MAPS;
		if (maps[slot].addr)
			break;
	}
	if (i == MAPS)
		return false;
	hits_kshm = true;
	off = c->v[1] % maps[slot].len;
	*addr = maps[slot].addr + off;
	*len = c->v[2] ? c->v[2] : 16 * PAGE;
	if (*len > maps[slot].len - off)
		*len = maps[slot].len - off;
	return true;
}

static char *page_of(char *addr)
{
	return addr - (uintptr_t)addr % PAGE;
}

/* A mapping has the bytes that read() returns. */
static void compare_ends(const struct device_file *f, char *addr, size_t len,
			 __u64 pos)
{
	size_t ends[2] = { 0, len - 1 };
	unsigned int i;
	__u8 seen, byte;

	for (i = 0; i < 2; i++) {
		if (!touch_byte(addr + ends[i], false, &seen))
			report_bug("a new mapping cannot be read");
		else if (pread(f->fd, &byte, 1, pos + ends[i]) != 1)
			report_bug("a mapping goes beyond the buffer");
		else if (byte != seen)
			report_bug("a mapping and read differ");
	}
}

static void judge_mapping(const struct device_file *f, char *addr, __u64 len,
			  int prot, int flags, __u64 pgoff)
{
	__u64 nr = (len + PAGE - 1) / PAGE, there = f->size / PAGE;
	int type = flags & MAP_TYPE;

	if (nr > there || pgoff > there - nr)
		report_bug("%llu pages at page %llu are mapped, the buffer has %llu", nr, pgoff,
			   there);
	else if (type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
		report_bug("a private mapping is made");
	else if (prot & PROT_EXEC)
		report_bug("an executable mapping is made");
	else if (prot & PROT_READ)
		compare_ends(f, addr, nr * PAGE, pgoff * PAGE);
}

/* slot of the file, slot, offset in pages, length, protection, flags, address */
void call_mmap(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]);
	unsigned int slot = c->v[1] % MAPS;
	__u64 len = c->v[3] ? c->v[3] : PAGE, place = c->v[6] * PAGE % ARENA_SIZE;
	int prot = c->v[4] ^ (PROT_READ | PROT_WRITE);
	int flags = (c->v[5] ^ MAP_SHARED) & ~(MAP_ANONYMOUS | MAP_FIXED);
	char *addr = NULL;

	if (!f)
		return;
	/* If the arena ends in a hole, a longer mapping would go beyond it. */
	if (c->v[6] && len <= ARENA_SIZE - place) {
		addr = ARENA + place;
		if (c->v[5] & MAP_FIXED)
			flags |= MAP_FIXED;
	} else {
		/* Address 0 means no mapping. */
		flags &= ~MAP_FIXED_NOREPLACE;
	}
	addr = mmap(addr, len, prot, flags, f->fd, c->v[2] * PAGE);
	if (addr == MAP_FAILED)
		return;
	len = (len + PAGE - 1) / PAGE * PAGE;
	if (maps[slot].addr && !in_arena(maps[slot].addr))
		munmap(maps[slot].addr, maps[slot].len);
	arena_used |= in_arena(addr);
	maps[slot].addr = addr;
	maps[slot].len = len;
	judge_mapping(f, addr, len, prot, flags, c->v[2] & (~0ULL / PAGE));
}

/* slot, offset, length */
void call_munmap(const struct call *c)
{
	unsigned int slot = c->v[0] % MAPS;
	char *addr = maps[slot].addr;
	size_t len;

	if (in_arena(addr)) {
		if (get_range(c, &addr, &len))
			munmap(page_of(addr), len);
		return;
	}
	/* All of it: another mapping may be placed in a hole. */
	hits_kshm = addr;
	if (addr)
		munmap(addr, maps[slot].len);
	maps[slot].addr = NULL;
}

/* slot, offset, length, protection */
void call_mprotect(const struct call *c)
{
	char *addr;
	size_t len;

	if (!get_range(c, &addr, &len))
		return;
	if (!mprotect(page_of(addr), len, c->v[3]) && c->v[3] & PROT_EXEC)
		report_bug("mprotect makes a mapping executable");
}

/* slot, offset, length, advice */
void call_madvise(const struct call *c)
{
	char *addr;
	size_t len;

	/* Both cost memory of the guest. */
	if (c->v[3] == MADV_HWPOISON || c->v[3] == MADV_HWPOISON + 1)
		return;
	if (get_range(c, &addr, &len))
		madvise(page_of(addr), len, c->v[3]);
}

/* slot, offset, length, new length, flags */
void call_mremap(const struct call *c)
{
	unsigned int slot = c->v[0] % MAPS;
	size_t old = maps[slot].len, new = c->v[3] ? c->v[3] : PAGE;
	char *addr = maps[slot].addr;

	if (!addr)
		return;
	hits_kshm = true;
	addr = mremap(addr, old, new, c->v[4] & MREMAP_MAYMOVE);
	if (addr == MAP_FAILED)
		return;
	if (new > old)
		report_bug("a mapping grows");
	maps[slot].addr = addr;
	maps[slot].len = (new + PAGE - 1) / PAGE * PAGE;
}

/* slot, offset, stride, how, byte */
void call_touch(const struct call *c)
{
	size_t len, stride = c->v[2] ? c->v[2] : PAGE;
	unsigned int times = c->v[3] & 2 ? 1 : 64;
	struct call whole = *c;
	__u8 byte = c->v[4] | 1;
	char *addr, *end;

	whole.v[2] = ~0ULL;
	if (!get_range(&whole, &addr, &len))
		return;
	/* Not before it: a mapping may be one that grows down. */
	if (c->v[3] & 4 && in_arena(addr) && addr > ARENA + 64 * KIB)
		addr -= 64 * KIB;
	for (end = addr + len; times--; addr += stride)
		if (!touch_byte(addr, c->v[3] & 1, &byte) ||
		    stride >= (size_t)(end - addr))
			break;
}

/* slot, offset, length, how */
void call_range(const struct call *c)
{
	static unsigned char present[4096];
	char *addr;
	size_t len;

	if (!get_range(c, &addr, &len))
		return;
	addr = page_of(addr);
	switch (c->v[3] % 5) {
	case 0:
		msync(addr, len, MS_SYNC);
		break;
	case 1:
		mlock(addr, len);
		break;
	case 2:
		munlock(addr, len);
		break;
	case 3:
		if (len <= sizeof(present) * PAGE)
			mincore(addr, len, present);
		break;
	case 4:
		/* If it fails there is a hole, where another mapping may be placed. */
		if (!in_arena(addr))
			break;
		syscall(SYS_remap_file_pages, addr, len, 0, c->v[4], 0);
		break;
	}
}

/* slot, offset, length, how: the kernel pins pages of a mapping */
void call_pin(const struct call *c)
{
	struct iovec mem, other = { scratch, SCRATCH };
	char *addr;
	size_t len;

	if (!get_range(c, &addr, &len))
		return;
	if (len > SCRATCH)
		len = SCRATCH;
	mem = (struct iovec) { addr, len };
	switch (c->v[3] % 5) {
	case 0:
		vmsplice(pin_pipe[1], &mem, 1, SPLICE_F_NONBLOCK);
		break;
	case 1:
		while (read(pin_pipe[0], scratch, SCRATCH) > 0)
			;
		break;
	case 2:
		process_vm_readv(getpid(), &other, 1, &mem, 1, 0);
		break;
	case 3:
		pwrite(pin_file, page_of(addr), len / 512 * 512, 0);
		break;
	case 4:
		pread(pin_file, page_of(addr), len / 512 * 512, 0);
		break;
	}
}

/* slot, offset, how: in a child */
void call_fork(const struct call *c)
{
	pid_t pid = fork();

	if (!pid) {
		struct call touch = { .v = { c->v[0], c->v[1], 1, c->v[2], 7 } };

		call_touch(&touch);
		_exit(found_bug());
	}
	if (pid > 0 && child_status(pid))
		report_bug("a child of fork() sees wrong bytes");
}
