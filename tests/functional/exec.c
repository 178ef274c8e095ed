// SPDX-License-Identifier: GPL-2.0-only
/* exec DEVICE: a user who has a buffer cannot run code from it. */
/* build: also 32-bit */
#include "guest.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/personality.h>

#define RETURN	0xc3	/* the instruction */

static int fd;
static size_t size;
static sigjmp_buf back;

static void caught(int sig)
{
	siglongjmp(back, sig);
}

/* The signal that a call of this address ends in, or 0. */
static int run(char *p)
{
	int sig = sigsetjmp(back, 1);

	if (!sig)
		((void (*)(void))(uintptr_t)p)();
	return sig;
}

/* Whether /proc shows a mapping that begins here as executable. */
static bool executable(const char *p)
{
	unsigned long start;
	bool found = false;
	char perms[8], line[512];
	FILE *f = fopen("/proc/self/maps", "re");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-%*x %4s", &start, perms) == 2 &&
		    start == (uintptr_t)p)
			found = perms[2] == 'x';
	if (f)
		fclose(f);
	return found;
}

static long pkey_protect(char *p, int prot, int key)
{
	return syscall(SYS_pkey_mprotect, p, (size_t)PAGE, prot, key);
}

static void no_way(char *p, const char *what)
{
	fails(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES,
	      "%s: mprotect to exec", what);
	fails(mprotect(p, PAGE, PROT_EXEC), EACCES,
	      "%s: mprotect to exec only", what);
	fails(pkey_protect(p, PROT_READ | PROT_EXEC, -1), EACCES,
	      "%s: pkey_mprotect to exec", what);
	ok(!executable(p), "%s: maps shows no x", what);
	mprotect(p, PAGE, PROT_READ | PROT_WRITE);
	is(run(p), SIGSEGV, "%s: a jump there", what);
}

static void mappings(void)
{
	char *p = map(fd, size, 0), *q;
	pid_t pid;
	int key;

	memset(p, RETURN, size);
	no_way(p, "a mapping");
	key = syscall(SYS_pkey_alloc, 0, 0);
	if (key >= 0) {
		fails(pkey_protect(p, PROT_EXEC, key), EACCES,
		      "pkey_mprotect with a key");
		syscall(SYS_pkey_free, key);
	}
	munmap(p + PAGE, PAGE);
	no_way(p + 2 * PAGE, "a part of a mapping");
	q = mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + PAGE);
	no_way(q, "a moved mapping");
	munmap(p, size);

	p = mmap(NULL, PAGE, PROT_NONE, MAP_SHARED_VALIDATE, fd, 0);
	no_way(p, "a mapping without access");
	pid = fork();
	if (!pid)
		_exit(mprotect(p, PAGE, PROT_EXEC) ? 0 : 1);
	is(child_status(pid), 0, "a child: mprotect to exec");
	munmap(p, PAGE);
}

static void requests(void)
{
	static const int prots[] = {
		PROT_EXEC, PROT_READ | PROT_EXEC,
		PROT_READ | PROT_WRITE | PROT_EXEC,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prots); i++) {
		fails((long)mmap(NULL, PAGE, prots[i], MAP_SHARED, fd, 0),
		      EPERM, "mmap with protection %d", prots[i]);
		fails((long)mmap(NULL, PAGE, prots[i], MAP_PRIVATE, fd, 0),
		      EINVAL, "private mmap with protection %d", prots[i]);
	}
}

/* Where all that is readable is executable. */
static void old_personality(void)
{
	char *p = map(fd, PAGE, 0);

	if (personality(READ_IMPLIES_EXEC) < 0)
		bail("personality");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0), EPERM,
	      "READ_IMPLIES_EXEC: mmap to read");
	ok(!mprotect(p, PAGE, PROT_NONE) &&
	   !mprotect(p, PAGE, PROT_READ | PROT_WRITE),
	   "READ_IMPLIES_EXEC: mprotect to read");
	ok(!executable(p), "READ_IMPLIES_EXEC: maps shows no x");
	is(run(p), SIGSEGV, "READ_IMPLIES_EXEC: a jump there");
	personality(0);
	munmap(p, PAGE);
}

static void as_program(const char *path)
{
	char *const none[] = { NULL };

	fails(execve(path, none, none), EACCES, "execve of the device");
	fails(syscall(SYS_execveat, fd, "", none, none, AT_EMPTY_PATH), EACCES,
	      "execveat of the open device");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	signal(SIGSEGV, caught);
	fd = xopen(argv[1], O_RDWR);
	size = lseek(fd, 0, SEEK_END);
	diag("%s, %zu bytes, %zu-bit program", argv[1], size, 8 * sizeof(long));
	requests();
	mappings();
	old_personality();
	as_program(argv[1]);
	return tap_done();
}
