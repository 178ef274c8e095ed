// SPDX-License-Identifier: GPL-2.0-only
/* exec DEVICE: a user with access to a buffer cannot run code from it. */
/* build: also 32-bit */
#include "base.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/personality.h>

#include "device.h"

#define CODE_SIZE	64	/* bytes, more than do_nothing() has */

static int fd;
static size_t size;
static sigjmp_buf back;

/* The address of Thumb code is odd, and not where the code is. */
#ifdef __arm__
#define PLAIN	__attribute__((target("arm")))
#else
#define PLAIN
#endif

/* Its machine code is put into the buffer. */
__attribute__((noinline)) PLAIN static void do_nothing(void)
{
	__asm__ volatile("");
}

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

static void cannot_run(char *p, const char *what)
{
	fails(mprotect(p, PAGE, PROT_READ | PROT_EXEC), EACCES,
	      "%s: mprotect to PROT_READ, PROT_EXEC: EACCES", what);
	fails(mprotect(p, PAGE, PROT_EXEC), EACCES,
	      "%s: mprotect to PROT_EXEC: EACCES", what);
	fails(pkey_protect(p, PROT_READ | PROT_EXEC, -1), EACCES,
	      "%s: pkey_mprotect to PROT_READ, PROT_EXEC: EACCES", what);
	ok(!executable(p), "%s: /proc/self/maps shows no x", what);
	mprotect(p, PAGE, PROT_READ | PROT_WRITE);
	is(run(p), SIGSEGV, "%s: a jump there: SIGSEGV", what);
}

/* Without this the jumps would show nothing. */
static void can_run(void)
{
	char *p = anon(PAGE);

	memcpy(p, (void *)(uintptr_t)do_nothing, CODE_SIZE);
	if (mprotect(p, PAGE, PROT_READ | PROT_EXEC))
		bail("mprotect");
	__builtin___clear_cache(p, p + CODE_SIZE);
	is(run(p), 0, "the code runs in executable anonymous memory");
	munmap(p, PAGE);
}

static void mappings(void)
{
	char *p = map(fd, size, 0), *q;
	pid_t pid;
	int key;

	memcpy(p, (void *)(uintptr_t)do_nothing, CODE_SIZE);
	memcpy(p + 2 * PAGE, p, CODE_SIZE);
	cannot_run(p, "a mapping");
	key = syscall(SYS_pkey_alloc, 0, 0);
	if (key >= 0) {
		fails(pkey_protect(p, PROT_EXEC, key), EACCES,
		      "pkey_mprotect to PROT_EXEC with a key: EACCES");
		syscall(SYS_pkey_free, key);
	} else {
		skip("pkey_mprotect to PROT_EXEC with a key: EACCES",
		     "pkey_alloc: %s", strerror(errno));
	}
	munmap(p + PAGE, PAGE);
	cannot_run(p + 2 * PAGE, "a part of a mapping");
	q = mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + PAGE);
	cannot_run(q, "a moved mapping");
	munmap(p, size);

	p = mmap(NULL, PAGE, PROT_NONE, MAP_SHARED_VALIDATE, fd, 0);
	cannot_run(p, "a mapping without access");
	pid = fork();
	if (!pid)
		_exit(mprotect(p, PAGE, PROT_EXEC) ? 0 : 1);
	is(child_status(pid), 0,
	   "mprotect to PROT_EXEC is refused in a child, too");
	munmap(p, PAGE);
}

static void map_executable(void)
{
	static const int prots[] = {
		PROT_EXEC, PROT_READ | PROT_EXEC,
		PROT_READ | PROT_WRITE | PROT_EXEC,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prots); i++) {
		fails((long)mmap(NULL, PAGE, prots[i], MAP_SHARED, fd, 0),
		      EPERM, "mmap with protection %d: EPERM", prots[i]);
		fails((long)mmap(NULL, PAGE, prots[i], MAP_PRIVATE, fd, 0),
		      EINVAL, "private mmap with protection %d: EINVAL", prots[i]);
	}
}

/* A personality that makes everything readable executable. */
static void old_personality(void)
{
	char *p = map(fd, PAGE, 0);

	if (personality(READ_IMPLIES_EXEC) < 0)
		bail("personality");
	fails((long)mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0), EPERM,
	      "READ_IMPLIES_EXEC: readable mmap: EPERM");
	ok(!mprotect(p, PAGE, PROT_NONE) &&
	   !mprotect(p, PAGE, PROT_READ | PROT_WRITE),
	   "READ_IMPLIES_EXEC: mprotect to readable succeeds");
	ok(!executable(p), "READ_IMPLIES_EXEC: /proc/self/maps shows no x");
	is(run(p), SIGSEGV, "READ_IMPLIES_EXEC: a jump there: SIGSEGV");
	personality(0);
	munmap(p, PAGE);
}

static void as_program(const char *path)
{
	char *const none[] = { NULL };

	fails(execve(path, none, none), EACCES,
	      "execve of the device: EACCES");
	fails(syscall(SYS_execveat, fd, "", none, none, AT_EMPTY_PATH), EACCES,
	      "execveat of the open device: EACCES");
}

int main(int argc, char **argv)
{
	signal(SIGSEGV, caught);
	fd = device_open(argc, argv, &size);
	can_run();
	map_executable();
	mappings();
	old_personality();
	as_program(argv[1]);
	return tap_done();
}
