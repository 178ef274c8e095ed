// SPDX-License-Identifier: GPL-2.0-only
/*
 * pinned FILE CGROUP: a buffer goes away altogether, device, files and mappings,
 * while the kernel still uses its pages: in a pipe, as io_uring's fixed
 * buffer, for O_DIRECT in flight. They keep their contents, nobody else gets
 * them, and they come back when the kernel is done. FILE is on a disk that is
 * slow for processes in CGROUP.
 */
#include "guest.h"

#include <linux/aio_abi.h>
#include <signal.h>
#include <sys/uio.h>

#include "configfs.h"
#include "memory.h"
#include "unplug.h"
#include "uring.h"

#define PIECES	((int)(SIZE / HUGE))

static long long start;		/* free memory */
static const char *path, *cgroup;
static char *room;

/* A live buffer, mapped, with something in it. */
static char *make(int *fd, struct kshm_info *i, __u64 seed)
{
	char *p;

	*fd = buffer_make("a", SIZE);
	*i = info(*fd);
	p = map(*fd, SIZE, 0);
	fill(p, SIZE, seed);
	return p;
}

static void destroy(int fd, char *p)
{
	configfs_set("a", "live", "0");
	munmap(p, SIZE);
	close(fd);
	buffer_drop("a");
}

/* Whether the buffer's first page is dirty. */
static bool dirty(struct kshm_info i)
{
	int fd = xopen("/proc/kpageflags", O_RDONLY);
	__u64 flags;

	if (pread(fd, &flags, sizeof(flags), i.phys_addr / PAGE * 8) !=
	    sizeof(flags))
		bail("/proc/kpageflags");
	close(fd);
	return flags >> 4 & 1;
}

/* One page of each huge page is in a pipe. */
static void in_pipe(void)
{
	struct iovec iov[PIECES];
	struct kshm_info i;
	bool good = true;
	int ends[2], fd, n;
	char *p;

	p = make(&fd, &i, 1);
	if (pipe2(ends, O_CLOEXEC) ||
	    fcntl(ends[1], F_SETPIPE_SZ, 4 * PIECES * PAGE) < 0)
		bail("pipe");
	for (n = 0; n < PIECES; n++) {
		iov[n].iov_base = p + n * HUGE + n * PAGE;
		iov[n].iov_len = PAGE;
	}
	is(vmsplice(ends[1], iov, PIECES, 0), PIECES * PAGE,
	   "pipe: vmsplice takes a page of each huge page");
	ok(dirty(i), "pipe: a page of the buffer is dirty");
	destroy(fd, p);
	ok(!dirty(i), "pipe: a page that was of a buffer is not");
	ok(used(start, SIZE), "pipe: the memory is not free");
	ok(apart(occupy("b"), i), "pipe: another buffer is elsewhere");
	buffer_drop("b");
	is(module_unload(), 0, "pipe: the module can go");
	if (module_load("buffers=none"))
		bail("load");
	for (n = 0; n < PIECES; n++)
		good = good && read(ends[0], room, PAGE) == PAGE &&
		       filled(room, PAGE, 1 + (n * HUGE + n * PAGE) / 8);
	ok(good, "pipe: the contents are right");
	close(ends[0]);
	close(ends[1]);
	ok(used(start, 0), "pipe: the memory comes back");
}

/* All of it is a fixed buffer; the file and it are written from each other. */
static void in_ring(void)
{
	static struct uring ring;
	struct kshm_info i;
	struct iovec iov;
	int fd, file, res;
	char *p;

	if (!uring_open(&ring))
		bail("io_uring_setup");
	p = make(&fd, &i, 2);
	iov.iov_base = p;
	iov.iov_len = SIZE;
	res = syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS,
		      &iov, 1);
	if (res && errno == EOPNOTSUPP && kernel() < 612) {
		skip("io_uring", "no fixed buffers of files before 6.12");
		destroy(fd, p);
		close(ring.fd);
		return;
	}
	is(res, 0, "ring: a fixed buffer");
	destroy(fd, p);
	ok(used(start, SIZE), "ring: the memory is not free");
	ok(apart(occupy("b"), i), "ring: another buffer is elsewhere");

	file = xopen(path, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT);
	is(uring_do(&ring, IORING_OP_WRITE_FIXED, file, p, SIZE, 0), SIZE,
	   "ring: written from the fixed buffer");
	is(pread(file, room, SIZE, 0), SIZE, "ring: the file");
	ok(filled(room, SIZE, 2), "ring: has what was in it");
	fill(room, SIZE, 3);
	is(pwrite(file, room, SIZE, 0), SIZE, "ring: the file anew");
	is(uring_do(&ring, IORING_OP_READ_FIXED, file, p, SIZE, 0), SIZE,
	   "ring: read to the fixed buffer");
	ok(foreign("b"), "ring: another buffer is untouched");
	is(ftruncate(file, 0), 0, "ring: the file, empty");
	is(uring_do(&ring, IORING_OP_WRITE_FIXED, file, p, SIZE, 0), SIZE,
	   "ring: written from the fixed buffer again");
	memset(room, 0, SIZE);
	is(pread(file, room, SIZE, 0), SIZE, "ring: the file");
	ok(filled(room, SIZE, 3), "ring: has what was read");
	close(file);
	buffer_drop("b");
	is(syscall(SYS_io_uring_register, ring.fd, IORING_UNREGISTER_BUFFERS,
		   NULL, 0), 0, "ring: the fixed buffer is given back");
	ok(used(start, 0), "ring: the memory comes back");
	close(ring.fd);
}

/* A control group whose I/O takes its time, or its parent. */
static void be_slow(bool slow)
{
	char procs[128];
	int fd;

	snprintf(procs, sizeof(procs), "%s%s/cgroup.procs", cgroup,
		 slow ? "" : "/..");
	fd = xopen(procs, O_WRONLY);
	if (write(fd, "0", 1) != 1)
		bail("write %s", procs);
	close(fd);
}

/* How many of the requests are done, all of which must be good. */
static int wait_for(aio_context_t aio, int min, bool nowait)
{
	struct io_event events[PIECES];
	struct timespec none = { 0 };
	int n, good = 0, i;

	n = syscall(SYS_io_getevents, aio, (long)min, (long)PIECES, events,
		    nowait ? &none : NULL);
	if (n < 0)
		bail("io_getevents");
	for (i = 0; i < n; i++)
		good += events[i].res == (long)HUGE;
	if (good != n)
		bail("O_DIRECT in flight fails");
	return n;
}

/* O_DIRECT that was begun and is not done when the buffer goes. */
static void in_flight(bool write)
{
	const char *what = write ? "write" : "read";
	struct iocb iocbs[PIECES], *list[PIECES];
	aio_context_t aio = 0;
	struct kshm_info i;
	int fd, file, n, done;
	char *p;

	file = xopen(path, O_RDWR | O_CREAT | O_DIRECT);
	fill(room, SIZE, 4);
	if (pwrite(file, room, SIZE, 0) != SIZE)
		bail("write %s", path);
	p = make(&fd, &i, 5);
	memset(iocbs, 0, sizeof(iocbs));
	for (n = 0; n < PIECES; n++) {
		iocbs[n].aio_lio_opcode = write ? IOCB_CMD_PWRITE :
						  IOCB_CMD_PREAD;
		iocbs[n].aio_fildes = file;
		iocbs[n].aio_buf = (uintptr_t)(p + n * HUGE);
		iocbs[n].aio_nbytes = HUGE;
		iocbs[n].aio_offset = n * HUGE;
		list[n] = &iocbs[n];
	}
	if (syscall(SYS_io_setup, PIECES, &aio))
		bail("io_setup");
	be_slow(true);
	is(syscall(SYS_io_submit, aio, (long)PIECES, list), PIECES,
	   "O_DIRECT %s: submitted", what);
	be_slow(false);
	destroy(fd, p);
	done = wait_for(aio, 0, true);
	ok(done < PIECES, "O_DIRECT %s: in flight when the buffer is gone",
	   what);
	occupy("b");
	done += wait_for(aio, PIECES - done, false);
	is(done, PIECES, "O_DIRECT %s: done", what);
	ok(foreign("b"), "O_DIRECT %s: another buffer is untouched", what);
	buffer_drop("b");
	is(pread(file, room, SIZE, 0), SIZE, "O_DIRECT %s: the file", what);
	ok(filled(room, SIZE, write ? 5 : 4), "O_DIRECT %s: is right", what);
	syscall(SYS_io_destroy, aio);
	close(file);
	unlink(path);
	ok(used(start, 0), "O_DIRECT %s: the memory comes back", what);
}

/* A program that does O_DIRECT notices nothing, until it is killed. */
static void by_program(void)
{
	int ends[2], fd, file, n, minor;
	struct kshm_info i;
	char *p, byte;
	pid_t pid;

	file = xopen(path, O_RDWR | O_CREAT | O_DIRECT);
	fill(room, SIZE, 6);
	if (pwrite(file, room, SIZE, 0) != SIZE)
		bail("write %s", path);
	p = make(&fd, &i, 7);
	minor = buffer_minor("a");
	if (pipe2(ends, O_CLOEXEC))
		bail("pipe");
	pid = fork();
	if (!pid) {
		for (;;) {
			memset(p, 0, 4 * MIB);
			if (pread(file, p, 4 * MIB, 4 * MIB) != 4 * MIB ||
			    !filled(p, 4 * MIB, 6 + 4 * MIB / 8) ||
			    write(ends[1], "", 1) != 1)
				_exit(1);
		}
	}
	for (n = 0; n < 4; n++)
		if (read(ends[0], &byte, 1) != 1)
			bail("the program ended");
	destroy(fd, p);
	ok(apart(occupy("b"), i), "program: another buffer is elsewhere");
	is(buffer_minor("b"), minor, "program: another buffer has the number");
	while (n++ < 12)
		if (read(ends[0], &byte, 1) != 1)
			bail("the program ended");
	ok(used(start, 2 * SIZE), "program: the memory is not free");
	kill(pid, SIGKILL);
	is(child_status(pid), 256 + SIGKILL, "program: noticed nothing");
	ok(foreign("b"), "program: another buffer is untouched");
	buffer_drop("b");
	close(file);
	unlink(path);
	close(ends[0]);
	close(ends[1]);
	ok(used(start, 0), "program: the memory comes back");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	path = argv[1];
	cgroup = argv[2];
	room = anon(SIZE);
	memset(room, 1, SIZE);
	start = free_memory();
	in_pipe();
	in_ring();
	in_flight(true);
	in_flight(false);
	by_program();
	unlink(path);
	return tap_done();
}
