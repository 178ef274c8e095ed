// SPDX-License-Identifier: GPL-2.0-only
/* unload: what prevents unloading the module, and what unloading leaves. */
#include "base.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "device.h"
#include "kernel.h"
#include "pattern.h"
#include "uring.h"

#define SIZE	(2 * MIB)

static void load(void)
{
	if (module_load("buffers=2M,64K"))
		bail("load");
}

static void unload_refused(const char *why)
{
	fails(module_unload(), EAGAIN, "unload while %s: EAGAIN", why);
}

static void unload_works(const char *when)
{
	int ret = module_unload();

	is(ret ? errno : 0, 0, "unload %s succeeds", when);
	ok(access("/dev/kshm0", F_OK), "unload %s removes the device", when);
	ok(access("/sys/class/kshm", F_OK), "unload %s removes the class",
	   when);
}

static void open_file(void)
{
	int a, b;

	load();
	a = xopen("/dev/kshm0", O_RDWR);
	unload_refused("a device is open");
	b = xopen("/dev/kshm1", O_RDONLY);
	is(info(b).size, 64 * KIB, "a refused unload removes nothing");
	close(a);
	unload_refused("only another device is open");
	close(b);
	unload_works("after all files are closed");
}

static void map_closed(void)
{
	int fd, tell[2];
	char *p, c;
	pid_t pid;

	load();
	fd = xopen("/dev/kshm0", O_RDWR);
	p = map(fd, SIZE, 0);
	fill(p, SIZE, 1);
	close(fd);
	unload_refused("a closed file is mapped");
	ok(filled(p, SIZE, 1), "a refused unload changes no byte");
	munmap(p, SIZE - PAGE);
	unload_refused("one page is still mapped");

	if (pipe(tell))
		bail("pipe");
	pid = fork();
	if (!pid)
		_exit(read(tell[0], &c, 1));
	munmap(p + SIZE - PAGE, PAGE);
	unload_refused("only a child has a mapping");
	kill(pid, SIGKILL);
	child_status(pid);
	close(tell[0]);
	close(tell[1]);
	unload_works("after the child was killed");
}

/* A file in the queue of a socket is open, although no program has it. */
static void in_socket_queue(void)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec v = { "", 1 };
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int pair[2], fd;

	load();
	fd = xopen("/dev/kshm0", O_RDWR);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		bail("socketpair");
	control.h.cmsg_level = SOL_SOCKET;
	control.h.cmsg_type = SCM_RIGHTS;
	control.h.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.h), &fd, sizeof(fd));
	if (sendmsg(pair[0], &m, 0) != 1)
		bail("sendmsg");
	close(fd);
	unload_refused("a file is in the queue of a socket");
	close(pair[0]);
	close(pair[1]);
	unload_works("after the socket was closed");
}

/* An open sysfs file does not prevent it; reading it fails afterwards. */
static void attribute_open(void)
{
	char text[32];
	int fd;

	load();
	fd = xopen("/sys/class/kshm/kshm0/phys_addr", O_RDONLY);
	unload_works("with an open sysfs file");
	fails(read(fd, text, sizeof(text)), ENODEV,
	      "read of the sysfs file after unload: ENODEV");
	close(fd);
}

/* Other programs and buffers get freed memory, and write to it. */
static void reuse_memory(void)
{
	size_t len = 256 * MIB;
	char *p = anon(len);

	memset(p, 0xee, len);
	munmap(p, len);
	if (module_load("buffers=4M,4M,2M,2M,2M,2M") || module_unload())
		bail("load and unload");
}

static void pinned_by_pipe(void)
{
	struct iovec v;
	int fd, pipe_fd[2];
	char *p, *room = anon(8 * PAGE);

	load();
	fd = xopen("/dev/kshm0", O_RDWR);
	p = map(fd, SIZE, 0);
	fill(p, SIZE, 2);
	if (pipe(pipe_fd))
		bail("pipe");
	v.iov_base = p + 100 * PAGE;
	v.iov_len = 8 * PAGE;
	is(vmsplice(pipe_fd[1], &v, 1, 0), 8 * PAGE, "vmsplice of 8 pages to a pipe");
	munmap(p, SIZE);
	close(fd);
	unload_works("with pages in a pipe");
	reuse_memory();
	is(read(pipe_fd[0], room, 8 * PAGE), 8 * PAGE,
	   "after unload the pipe has the pages");
	p = anon(SIZE);
	fill(p, SIZE, 2);
	ok(!memcmp(room, p + 100 * PAGE, 8 * PAGE),
	   "after unload the pages in the pipe have their bytes");
	munmap(p, SIZE);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
}

static void pinned_by_uring(void)
{
	char *room = anon(SIZE), *p;
	struct iovec v;
	struct uring u;
	int fd, f;

	load();
	fd = xopen("/dev/kshm0", O_RDWR);
	p = map(fd, SIZE, 0);
	fill(p, SIZE, 3);
	f = xopen("/mnt/unload", O_RDWR | O_CREAT | O_TRUNC);
	v.iov_base = p;
	v.iov_len = SIZE;
	if (!uring_open(&u) ||
	    syscall(SYS_io_uring_register, u.fd, IORING_REGISTER_BUFFERS, &v,
		    1))
		bail("io_uring with a fixed buffer");
	munmap(p, SIZE);
	close(fd);
	unload_works("with pages in a fixed buffer of io_uring");
	reuse_memory();
	is(uring_do(&u, IORING_OP_WRITE_FIXED, f, p, SIZE, 0), SIZE,
	   "after unload the fixed buffer can be written to a file");
	is(pread(f, room, SIZE, 0), SIZE, "the file has its size");
	ok(filled(room, SIZE, 3),
	   "after unload the fixed buffer has its bytes");
	close(u.fd);
	close(f);
	unlink("/mnt/unload");
	munmap(room, SIZE);
}

int main(void)
{
	open_file();
	map_closed();
	in_socket_queue();
	attribute_open();
	pinned_by_pipe();
	if (kernel() >= 605)
		pinned_by_uring();
	else
		skip("unload with pages in a fixed buffer of io_uring",
		     "files cannot be fixed buffers before Linux 6.5");
	reuse_memory();
	return tap_done();
}
