// SPDX-License-Identifier: GPL-2.0-only
/* sysfs-counters: openers and mappings in sysfs count open files and mappings. */
#include "base.h"

#include <signal.h>

#include "device.h"

#define SIZE	(64 * KIB)

static void expect(int openers, int mappings, const char *when)
{
	is(atoi(attr(0, "openers")), openers, "openers %s", when);
	is(atoi(attr(0, "mappings")), mappings, "mappings %s", when);
}

/* A child that ends when @tell is closed, or when it is killed. */
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
		bail("the child did not start");
	close(up[0]);
	close(up[1]);
	close(down[0]);
	*tell = down[1];
	return pid;
}

static void files(void)
{
	int a, b, c;

	expect(0, 0, "before any open");
	a = xopen("/dev/kshm0", O_RDWR);
	expect(1, 0, "after open");
	b = xopen("/dev/kshm0", O_RDONLY);
	expect(2, 0, "after a second open");
	c = dup(a);
	expect(2, 0, "after dup");
	close(a);
	expect(2, 0, "after close with the dup open");
	close(c);
	expect(1, 0, "after close of the dup");
	close(b);
	expect(0, 0, "after the last close");
	is(atoi(attr(1, "openers")), 0, "openers of another buffer");
}

static void split(void)
{
	int fd = xopen("/dev/kshm0", O_RDWR);
	char *p = map(fd, SIZE, 0), *q;

	expect(1, 1, "after mmap");
	munmap(p + 4 * PAGE, PAGE);
	expect(1, 2, "after munmap of the middle");
	munmap(p, 4 * PAGE);
	expect(1, 1, "after munmap of the first part");
	munmap(p, SIZE);
	expect(1, 0, "after munmap of the rest");

	p = map(fd, SIZE, 0);
	mprotect(p + PAGE, PAGE, PROT_READ);
	expect(1, 3, "after mprotect of the middle");
	munmap(p, SIZE);
	expect(1, 0, "after munmap of all three parts");

	p = map(fd, SIZE, 0);
	q = mremap(p, SIZE, PAGE, 0);
	expect(1, 1, "after mremap to a smaller size");
	q = mremap(q, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + SIZE / 2);
	ok(q == p + SIZE / 2, "mremap moves the mapping");
	expect(1, 1, "after mremap to another address");
	munmap(q, PAGE);

	fails((long)mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE, fd, 0), EINVAL,
	      "private mmap: EINVAL");
	fails((long)mmap(NULL, SIZE + PAGE, PROT_READ, MAP_SHARED, fd, 0),
	      EINVAL, "mmap of a page more than the buffer: EINVAL");
	expect(1, 0, "after mmap was refused");

	p = map(fd, PAGE, 0);
	close(fd);
	expect(1, 1, "after close of a mapped file");
	munmap(p, PAGE);
	expect(0, 0, "after munmap of a closed file");
}

static void processes(void)
{
	int fd = xopen("/dev/kshm0", O_RDWR), tell;
	char *p = map(fd, SIZE, 0);
	pid_t pid;

	pid = waiting_child(&tell);
	expect(1, 2, "after fork");
	close(tell);
	child_status(pid);
	expect(1, 1, "after the child has exited");

	pid = waiting_child(&tell);
	munmap(p, SIZE);
	close(fd);
	expect(1, 1, "while only the child has the mapping");
	kill(pid, SIGKILL);
	child_status(pid);
	close(tell);
	expect(0, 0, "after the child was killed");

	fd = xopen("/dev/kshm0", O_RDWR);
	p = map(fd, SIZE, 0);
	madvise(p, SIZE, MADV_DONTFORK);
	pid = waiting_child(&tell);
	expect(1, 1, "after fork with MADV_DONTFORK");
	close(tell);
	child_status(pid);

	pid = fork();
	if (!pid) {
		execl("/bin/busybox", "true", NULL);
		_exit(127);
	}
	is(child_status(pid), 0, "a child executes another program");
	expect(1, 1, "after a child has called exec and exited");
	munmap(p, SIZE);
	close(fd);
	expect(0, 0, "after everything is closed");
}

int main(void)
{
	files();
	split();
	processes();
	return tap_done();
}
