// SPDX-License-Identifier: GPL-2.0-only
/*
 * pinned FILE CGROUP: the device, all files and all mappings of a buffer are
 * removed while the kernel still uses its pages: in a pipe, as a fixed buffer
 * of io_uring, for O_DIRECT in flight. The pages keep their contents, no other
 * buffer gets them, and they are freed when the kernel has finished. FILE is on
 * a disk that is slow for processes in CGROUP.
 */
#include "base.h"

#include <linux/aio_abi.h>
#include <signal.h>
#include <sys/uio.h>

#include "configfs.h"
#include "device.h"
#include "kernel.h"
#include "memory.h"
#include "pattern.h"
#include "unplug.h"
#include "uring.h"

#define PIECES	32
#define PIECE	(SIZE / PIECES)

static long long start;		/* free memory */
static const char *path, *cgroup;
static char *room;

/* A live buffer, mapped and filled. */
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
	    (ssize_t)sizeof(flags))
		bail("/proc/kpageflags");
	close(fd);
	return flags >> 4 & 1;
}

/* One page of each piece is in a pipe. */
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
		iov[n].iov_base = p + n * PIECE + n * PAGE;
		iov[n].iov_len = PAGE;
	}
	is(vmsplice(ends[1], iov, PIECES, 0), PIECES * PAGE,
	   "pipe: vmsplice takes a page of each 2 MiB");
	ok(dirty(i), "pipe: the first page of the buffer is dirty");
	destroy(fd, p);
	ok(!dirty(i), "pipe: the first page is not dirty after the buffer was removed");
	ok(is_allocated(start, SIZE), "pipe: the memory stays allocated");
	ok(are_disjoint(foreign_make("b"), i),
	   "pipe: a new buffer gets other memory");
	buffer_drop("b");
	is(module_unload(), 0, "pipe: the module can be unloaded");
	if (module_load("buffers=none"))
		bail("load");
	for (n = 0; n < PIECES; n++)
		good = good && read(ends[0], room, PAGE) == (ssize_t)PAGE &&
		       filled(room, PAGE, 1 + (n * PIECE + n * PAGE) / 8);
	ok(good, "pipe: reading it returns the contents");
	close(ends[0]);
	close(ends[1]);
	ok(is_allocated(start, 0), "pipe: the memory is freed");
}

/* The whole buffer is a fixed buffer of io_uring. */
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
	if (res && errno == EOPNOTSUPP && kernel() < 605) {
		skip("io_uring: a mapping as fixed buffer",
		     "files cannot be fixed buffers before Linux 6.5");
		destroy(fd, p);
		close(ring.fd);
		return;
	}
	is(res, 0, "io_uring: the mapping becomes a fixed buffer");
	destroy(fd, p);
	ok(is_allocated(start, SIZE), "io_uring: the memory stays allocated");
	ok(are_disjoint(foreign_make("b"), i),
	   "io_uring: a new buffer gets other memory");

	file = xopen(path, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT);
	is(uring_do(&ring, IORING_OP_WRITE_FIXED, file, p, SIZE, 0), SIZE,
	   "io_uring: write from the fixed buffer to a file");
	if (pread(file, room, SIZE, 0) != SIZE)
		bail("read %s", path);
	ok(filled(room, SIZE, 2), "io_uring: the file has the contents");
	fill(room, SIZE, 3);
	if (pwrite(file, room, SIZE, 0) != SIZE)
		bail("write %s", path);
	is(uring_do(&ring, IORING_OP_READ_FIXED, file, p, SIZE, 0), SIZE,
	   "io_uring: read from a file to the fixed buffer");
	ok(foreign_unchanged("b"), "io_uring: the new buffer is unchanged");
	if (ftruncate(file, 0))
		bail("ftruncate %s", path);
	is(uring_do(&ring, IORING_OP_WRITE_FIXED, file, p, SIZE, 0), SIZE,
	   "io_uring: write from the fixed buffer again");
	memset(room, 0, SIZE);
	if (pread(file, room, SIZE, 0) != SIZE)
		bail("read %s", path);
	ok(filled(room, SIZE, 3),
	   "io_uring: the file has what was read to the fixed buffer");
	close(file);
	buffer_drop("b");
	is(syscall(SYS_io_uring_register, ring.fd, IORING_UNREGISTER_BUFFERS,
		   NULL, 0), 0, "io_uring: the fixed buffer is unregistered");
	ok(is_allocated(start, 0), "io_uring: the memory is freed");
	close(ring.fd);
}

/* Enter the control group whose I/O is slow, or leave it. */
static void set_slow(bool slow)
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

/* Returns how many requests are done; each must have transferred all. */
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
		good += events[i].res == (long)PIECE;
	if (good != n)
		bail("O_DIRECT in flight fails");
	return n;
}

/* O_DIRECT is not finished yet when the buffer is removed. */
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
		iocbs[n].aio_buf = (uintptr_t)(p + n * PIECE);
		iocbs[n].aio_nbytes = PIECE;
		iocbs[n].aio_offset = n * PIECE;
		list[n] = &iocbs[n];
	}
	if (syscall(SYS_io_setup, PIECES, &aio))
		bail("io_setup");
	set_slow(true);
	is(syscall(SYS_io_submit, aio, (long)PIECES, list), PIECES,
	   "O_DIRECT %s: requests that are submitted", what);
	set_slow(false);
	destroy(fd, p);
	done = wait_for(aio, 0, true);
	ok(done < PIECES, "O_DIRECT %s: in flight after the buffer was removed",
	   what);
	foreign_make("b");
	done += wait_for(aio, PIECES - done, false);
	is(done, PIECES, "O_DIRECT %s: requests that succeed", what);
	ok(foreign_unchanged("b"), "O_DIRECT %s: the new buffer is unchanged",
	   what);
	buffer_drop("b");
	if (pread(file, room, SIZE, 0) != SIZE)
		bail("read %s", path);
	ok(filled(room, SIZE, write ? 5 : 4),
	   "O_DIRECT %s: the file has the right contents", what);
	syscall(SYS_io_destroy, aio);
	close(file);
	unlink(path);
	ok(is_allocated(start, 0), "O_DIRECT %s: the memory is freed", what);
}

/* A child that does O_DIRECT all the time, until it is killed. */
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
			bail("the child has ended");
	destroy(fd, p);
	ok(are_disjoint(foreign_make("b"), i),
	   "child with O_DIRECT: a new buffer gets other memory");
	is(buffer_minor("b"), minor,
	   "child with O_DIRECT: the new buffer gets the device number");
	while (n++ < 12)
		if (read(ends[0], &byte, 1) != 1)
			bail("the child has ended");
	ok(is_allocated(start, 2 * SIZE), "child with O_DIRECT: the memory stays allocated");
	kill(pid, SIGKILL);
	is(child_status(pid), 256 + SIGKILL,
	   "child with O_DIRECT: only the signal ends it");
	ok(foreign_unchanged("b"),
	   "child with O_DIRECT: the new buffer is unchanged");
	buffer_drop("b");
	close(file);
	unlink(path);
	close(ends[0]);
	close(ends[1]);
	ok(is_allocated(start, 0), "child with O_DIRECT: the memory is freed");
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
