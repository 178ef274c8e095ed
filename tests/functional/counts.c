// SPDX-License-Identifier: GPL-2.0-only
/* Open files and mappings are counted in sysfs, also when processes end. */
#include "guest.h"

#include <signal.h>

#define SIZE (64 * KIB)

static void counts(int openers, int mappings, const char *when)
{
	is(atoi(attr(0, "openers")), openers, "openers %s", when);
	is(atoi(attr(0, "mappings")), mappings, "mappings %s", when);
}

/* A child that waits to be told to end, or to be killed. */
static pid_t waiting_child(int *tell)
{
	int up[2], down[2];
	pid_t pid;
	char c;

	if (pipe(up) || pipe(down))
		bail("pipe");
	pid = fork();
	if (pid < 0)
		bail("fork");
	if (!pid) {
		close(down[1]);
		(void)!write(up[1], "", 1);
		(void)!read(down[0], &c, 1);
		_exit(0);
	}
	if (read(up[0], &c, 1) != 1)
		bail("the child is not there");
	close(up[0]);
	close(up[1]);
	close(down[0]);
	*tell = down[1];
	return pid;
}

static void files(void)
{
	int a, b, c;

	counts(0, 0, "at first");
	a = xopen("/dev/kshm0", O_RDWR);
	counts(1, 0, "after open");
	b = xopen("/dev/kshm0", O_RDONLY);
	counts(2, 0, "after a second open");
	c = dup(a);
	counts(2, 0, "after dup");
	close(a);
	counts(2, 0, "after close with the dup open");
	close(c);
	counts(1, 0, "after close of the dup");
	close(b);
	counts(0, 0, "after the last close");
	is(atoi(attr(1, "openers")), 0, "openers of another buffer");
}

static void split(void)
{
	int fd = xopen("/dev/kshm0", O_RDWR);
	char *p = map(fd, SIZE, 0), *q;

	counts(1, 1, "after mmap");
	munmap(p + 4 * PAGE, PAGE);
	counts(1, 2, "after munmap of the middle");
	munmap(p, 4 * PAGE);
	counts(1, 1, "after munmap of the first piece");
	munmap(p, SIZE);
	counts(1, 0, "after munmap of the rest");

	p = map(fd, SIZE, 0);
	mprotect(p + PAGE, PAGE, PROT_READ);
	counts(1, 3, "after mprotect of the middle");
	munmap(p, SIZE);
	counts(1, 0, "after munmap of all pieces");

	p = map(fd, SIZE, 0);
	q = mremap(p, SIZE, PAGE, 0);
	counts(1, 1, "after shrinking");
	q = mremap(q, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + SIZE / 2);
	ok(q == p + SIZE / 2, "moved");
	counts(1, 1, "after moving");
	munmap(q, PAGE);

	fails((long)mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE, fd, 0), EINVAL,
	      "mmap refused");
	fails((long)mmap(NULL, SIZE + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "mmap refused");
	counts(1, 0, "after refused calls");

	p = map(fd, PAGE, 0);
	close(fd);
	counts(1, 1, "after close of a mapped file");
	munmap(p, PAGE);
	counts(0, 0, "after munmap of a closed file");
}

static void processes(void)
{
	int fd = xopen("/dev/kshm0", O_RDWR), tell;
	char *p = map(fd, SIZE, 0);
	pid_t pid;

	pid = waiting_child(&tell);
	counts(1, 2, "after fork");
	close(tell);
	child_status(pid);
	counts(1, 1, "after the child's exit");

	pid = waiting_child(&tell);
	munmap(p, SIZE);
	close(fd);
	counts(1, 1, "when only the child has it");
	kill(pid, SIGKILL);
	child_status(pid);
	close(tell);
	counts(0, 0, "after the child was killed");

	fd = xopen("/dev/kshm0", O_RDWR);
	p = map(fd, SIZE, 0);
	madvise(p, SIZE, MADV_DONTFORK);
	pid = waiting_child(&tell);
	counts(1, 1, "after fork with MADV_DONTFORK");
	close(tell);
	child_status(pid);

	pid = fork();
	if (!pid) {
		execl("/bin/busybox", "true", NULL);
		_exit(127);
	}
	is(child_status(pid), 0, "a child runs another program");
	counts(1, 1, "after the child's exec and exit");
	munmap(p, SIZE);
	close(fd);
	counts(0, 0, "at last");
}

int main(void)
{
	files();
	split();
	processes();
	return tap_done();
}
