// SPDX-License-Identifier: GPL-2.0-only
/* When the module can be unloaded, and what stays behind. */
#include "guest.h"
#include "uring.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define SIZE	(2 * MIB)

static void begin(void)
{
	if (module_load("buffers=2M,64K"))
		bail("load");
}

static void cannot(const char *why)
{
	fails(module_unload(), EAGAIN, "refused while %s", why);
}

static void can(const char *why)
{
	int ret = module_unload();

	is(ret ? errno : 0, 0, "granted %s", why);
	ok(access("/dev/kshm0", F_OK), "the device is gone");
	ok(access("/sys/class/kshm", F_OK), "the class is gone");
}

static void open_file(void)
{
	int a, b;

	begin();
	a = xopen("/dev/kshm0", O_RDWR);
	cannot("open");
	b = xopen("/dev/kshm1", O_RDONLY);
	is(info(b).size, 64 * KIB, "a refused unload takes nothing away");
	close(a);
	cannot("another buffer is open");
	close(b);
	can("after close");
}

static void mapping(void)
{
	int fd, tell[2];
	char *p, c;
	pid_t pid;

	begin();
	fd = xopen("/dev/kshm0", O_RDWR);
	p = map(fd, SIZE, 0);
	fill(p, SIZE, 1);
	close(fd);
	cannot("mapped with the file closed");
	ok(filled(p, SIZE, 1), "the bytes stay");
	munmap(p, SIZE - PAGE);
	cannot("one page is mapped");

	if (pipe(tell))
		bail("pipe");
	pid = fork();
	if (!pid)
		_exit(read(tell[0], &c, 1));
	munmap(p + SIZE - PAGE, PAGE);
	cannot("a child has it mapped");
	kill(pid, SIGKILL);
	child_status(pid);
	close(tell[0]);
	close(tell[1]);
	can("after the child was killed");
}

/* A file on its way through a socket is open, although nobody has it. */
static void in_flight(void)
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

	begin();
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
	cannot("in a socket");
	close(pair[0]);
	close(pair[1]);
	can("after the socket was closed");
}

/* An open sysfs file holds nothing back, and says so afterwards. */
static void attribute_open(void)
{
	char text[32];
	int fd;

	begin();
	fd = xopen("/sys/class/kshm/kshm0/phys_addr", O_RDONLY);
	can("with a sysfs file open");
	fails(read(fd, text, sizeof(text)), ENODEV,
	      "the sysfs file has no device any more");
	close(fd);
}

/* Somebody else gets what was freed, and writes to it. */
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

	begin();
	fd = xopen("/dev/kshm0", O_RDWR);
	p = map(fd, SIZE, 0);
	fill(p, SIZE, 2);
	if (pipe(pipe_fd))
		bail("pipe");
	v.iov_base = p + 100 * PAGE;
	v.iov_len = 8 * PAGE;
	is(vmsplice(pipe_fd[1], &v, 1, 0), 8 * PAGE, "pages go to a pipe");
	munmap(p, SIZE);
	close(fd);
	can("with pages in a pipe");
	reuse_memory();
	is(read(pipe_fd[0], room, 8 * PAGE), 8 * PAGE, "the pipe has them");
	p = anon(SIZE);
	fill(p, SIZE, 2);
	ok(!memcmp(room, p + 100 * PAGE, 8 * PAGE), "and their bytes");
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

	begin();
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
	can("with pages in a fixed buffer");
	reuse_memory();
	is(uring_do(&u, IORING_OP_WRITE_FIXED, f, p, SIZE, 0), SIZE,
	   "the fixed buffer goes to a file");
	is(pread(f, room, SIZE, 0), SIZE, "which has it");
	ok(filled(room, SIZE, 3), "with its bytes");
	close(u.fd);
	close(f);
	unlink("/mnt/unload");
	munmap(room, SIZE);
}

int main(void)
{
	open_file();
	mapping();
	in_flight();
	attribute_open();
	pinned_by_pipe();
	if (kernel() >= 612)
		pinned_by_uring();
	reuse_memory();
	return tap_done();
}
