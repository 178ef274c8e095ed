// SPDX-License-Identifier: GPL-2.0-only
/*
 * procmem DEVICE: what other processes see of a mapped carveout, by
 * /proc/PID/mem and ptrace(), which debuggers use, and by process_vm_readv().
 */
#include "base.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "device.h"
#include "pattern.h"

static const char *device;
static int fd;
static size_t size;

struct process {
	pid_t pid;
	char *addr;	/* of the whole device, in that process */
	int mem;	/* its /proc/PID/mem */
};

/*
 * The child maps the device, with nothing mapped after it and with a page
 * missing at the offset hole, unless that is 0.
 */
static struct process start(int flags, int prot, size_t hole)
{
	struct process p;
	char path[64];
	int ready[2];

	if (pipe(ready))
		bail("pipe");
	p.pid = fork();
	if (p.pid < 0)
		bail("fork");
	if (!p.pid) {
		int own = xopen(device, flags);
		char *room = anon(size + PAGE);

		if (mmap(room, size, prot, MAP_SHARED | MAP_FIXED, own, 0) !=
		    room || munmap(room + size, PAGE))
			_exit(1);
		if (hole && munmap(room + hole, PAGE))
			_exit(1);
		if (write(ready[1], &room, sizeof(room)) != sizeof(room))
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &p.addr, sizeof(p.addr)) != sizeof(p.addr))
		bail("the child has no mapping");
	close(ready[0]);
	snprintf(path, sizeof(path), "/proc/%d/mem", p.pid);
	p.mem = xopen(path, O_RDWR);
	return p;
}

static void end(struct process *p)
{
	close(p->mem);
	kill(p->pid, SIGKILL);
	child_status(p->pid);
}

static ssize_t peek(struct process *p, void *buf, size_t len, size_t off)
{
	return pread(p->mem, buf, len, (uintptr_t)p->addr + off);
}

static ssize_t poke(struct process *p, const void *buf, size_t len, size_t off)
{
	return pwrite(p->mem, buf, len, (uintptr_t)p->addr + off);
}

/* The device has this pattern. */
static void store(char *room, __u64 seed)
{
	fill(room, size, seed);
	if (pwrite(fd, room, size, 0) != (ssize_t)size)
		bail("write");
}

static bool has(char *room, __u64 seed)
{
	memset(room, 0, size);
	return pread(fd, room, size, 0) == (ssize_t)size &&
	       filled(room, size, seed);
}

static void all_bytes(void)
{
	struct process p = start(O_RDWR, PROT_READ | PROT_WRITE, 0);
	char *room = anon(size), text[64] = "across two pages";

	store(room, 1);
	memset(room, 0, size);
	is(peek(&p, room, size, 0), size, "/proc/PID/mem: read all");
	ok(filled(room, size, 1), "/proc/PID/mem: the bytes of the device");

	fill(room, size, 2);
	is(poke(&p, room, size, 0), size, "/proc/PID/mem: write all");
	ok(has(room, 2), "/proc/PID/mem: the device has the bytes");

	is(poke(&p, text, 17, PAGE - 5), 17,
	   "/proc/PID/mem: write across two pages");
	memset(text, 0, sizeof(text));
	is(pread(fd, text, 17, PAGE - 5), 17, "read from the device");
	is_str(text, "across two pages", "the device has the text");
	memset(text, 0, sizeof(text));
	is(peek(&p, text, 17, PAGE - 5), 17,
	   "/proc/PID/mem: read across two pages");
	is_str(text, "across two pages", "/proc/PID/mem: the text");

	is(peek(&p, text, 64, size - 7), 7,
	   "/proc/PID/mem: read across the end");
	is(poke(&p, text, 64, size - 7), 7,
	   "/proc/PID/mem: write across the end");
	fails(peek(&p, text, 1, size), EIO, "/proc/PID/mem: read at the end");
	fails(poke(&p, text, 1, size), EIO, "/proc/PID/mem: write at the end");
	munmap(room, size);
	end(&p);
}

/* A part that is not mapped is left out, what comes after it is right. */
static void around_hole(void)
{
	struct process p = start(O_RDWR, PROT_READ | PROT_WRITE, 2 * PAGE);
	char *room = anon(size), text[64] = "";

	store(room, 3);
	is(peek(&p, text, 64, 2 * PAGE - 5), 5, "hole: read across its start");
	is(poke(&p, text, 64, 2 * PAGE - 5), 5, "hole: write across its start");
	ok(has(room, 3), "hole: nothing is written there");
	memset(room, 0, size);
	is(peek(&p, room, 3 * PAGE, 0), 2 * PAGE,
	   "hole: read ends before it");
	is(peek(&p, room + 3 * PAGE, PAGE, 3 * PAGE), PAGE,
	   "hole: read after it");
	ok(!memcmp(room + 2 * PAGE, anon(PAGE), PAGE) &&
	   pread(fd, room + 2 * PAGE, PAGE, 2 * PAGE) == (ssize_t)PAGE &&
	   filled(room, 4 * PAGE, 3), "hole: the bytes of the device");
	munmap(room, size);
	end(&p);
}

/* No way round the mode in which the device was opened, or mapped. */
static void read_only(int flags, const char *what)
{
	struct process p = start(flags, PROT_READ, 0);
	char *room = anon(size);

	store(room, 4);
	memset(room, 0, size);
	is(peek(&p, room, PAGE, 0), PAGE, "%s: read", what);
	ok(filled(room, PAGE, 4), "%s: the bytes of the device", what);
	memset(room, 0, PAGE);
	fails(poke(&p, room, PAGE, 0), EIO, "%s: write", what);
	ok(has(room, 4), "%s: the device is unchanged", what);
	munmap(room, size);
	end(&p);
}

static void debugger(void)
{
	struct process p = start(O_RDWR, PROT_READ | PROT_WRITE, 0);
	long want = word(5, 1), got;
	char *room = anon(size);
	int status;

	store(room, 5);
	if (ptrace(PTRACE_ATTACH, p.pid, NULL, NULL) ||
	    waitpid(p.pid, &status, 0) != p.pid || !WIFSTOPPED(status))
		bail("PTRACE_ATTACH");
	errno = 0;
	got = ptrace(PTRACE_PEEKDATA, p.pid, p.addr + 8, NULL);
	is(errno, 0, "PTRACE_PEEKDATA");
	is(got, want, "PTRACE_PEEKDATA: the word of the device");
	is(ptrace(PTRACE_POKEDATA, p.pid, p.addr + 8, (void *)0x1234567890UL),
	   0, "PTRACE_POKEDATA");
	is(pread(fd, &got, sizeof(got), 8), sizeof(got), "read the device");
	is(got, 0x1234567890L, "PTRACE_POKEDATA: the device has the word");
	errno = 0;
	ptrace(PTRACE_PEEKDATA, p.pid, p.addr + size, NULL);
	is(errno, EIO, "PTRACE_PEEKDATA after the end");
	ptrace(PTRACE_DETACH, p.pid, NULL, NULL);
	munmap(room, size);
	end(&p);
}

/* These take pages, which a carveout does not have. */
static void process_vm(void)
{
	struct process p = start(O_RDWR, PROT_READ | PROT_WRITE, 0);
	char *room = anon(size);
	struct iovec here = { room, PAGE }, there = { p.addr, PAGE };

	store(room, 6);
	fails(process_vm_readv(p.pid, &here, 1, &there, 1, 0), EFAULT,
	      "process_vm_readv");
	fails(process_vm_writev(p.pid, &here, 1, &there, 1, 0), EFAULT,
	      "process_vm_writev");
	ok(has(room, 6), "process_vm_writev: the device is unchanged");
	munmap(room, size);
	end(&p);
}

int main(int argc, char **argv)
{
	fd = device_open(argc, argv, &size);
	device = argv[1];
	all_bytes();
	around_hole();
	read_only(O_RDONLY, "opened and mapped to read");
	read_only(O_RDWR, "mapped to read");
	debugger();
	process_vm();
	return tap_done();
}
