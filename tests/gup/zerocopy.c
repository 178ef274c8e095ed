// SPDX-License-Identifier: GPL-2.0-only
/* zerocopy DEVICE: the kernel transfers to and from the pages of a mapping. */
#include "base.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "device.h"
#include "kernel.h"
#include "pagemap.h"
#include "pattern.h"
#include "uring.h"

#define FILE_PATH	"/mnt/zerocopy"

static int fd;
static size_t size;
static char *p;

static void direct(void)
{
	int d = xopen(FILE_PATH, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT);
	int f = xopen(FILE_PATH, O_RDONLY);
	char *room = anon(size), *fresh;

	fill(p, size, 1);
	is(pwrite(d, p, size, 0), size, "O_DIRECT write from the mapping");
	is(pread(f, room, size, 0), size,
	   "O_DIRECT write makes the file as long as the buffer");
	ok(filled(room, size, 1), "O_DIRECT write: the file has the bytes");
	memset(p, 0, size);
	is(pread(d, p, size, 0), size, "O_DIRECT read to the mapping");
	ok(filled(p, size, 1), "O_DIRECT read: the mapping has the bytes");

	/* No page of this mapping is in a page table yet. */
	memset(p, 0, size);
	fresh = map(fd, size, 0);
	is(pread(d, fresh, size, 0), size, "O_DIRECT read to a fresh mapping");
	ok(filled(p, size, 1),
	   "O_DIRECT read to a fresh mapping: the buffer has the bytes");
	munmap(fresh, size);

	/* One page in the middle, through a mapping at an offset. */
	memset(p, 0, size);
	fresh = map(fd, 3 * PAGE, 5 * PAGE);
	is(pread(d, fresh + PAGE, PAGE, 2 * PAGE), PAGE,
	   "O_DIRECT read to one page");
	ok(!memcmp(p + 6 * PAGE, room + 2 * PAGE, PAGE),
	   "O_DIRECT read to one page: the page has the bytes");
	ok(!p[6 * PAGE - 1] && !p[7 * PAGE],
	   "O_DIRECT read to one page: its neighbours are unchanged");
	munmap(fresh, 3 * PAGE);
	close(d);
	close(f);
	unlink(FILE_PATH);
	munmap(room, size);
}

static void pipes(void)
{
	struct iovec v = { p + PAGE, 2 * PAGE };
	char *room = anon(2 * PAGE);
	int pipe_fd[2];

	if (pipe(pipe_fd))
		bail("pipe");
	fill(p, size, 2);
	is(vmsplice(pipe_fd[1], &v, 1, 0), 2 * PAGE, "vmsplice to a pipe");
	/* The pipe has the pages, not a copy. */
	fill(p, size, 3);
	is(read(pipe_fd[0], room, 2 * PAGE), 2 * PAGE,
	   "read of what was spliced to the pipe");
	ok(!memcmp(room, p + PAGE, 2 * PAGE),
	   "the pipe shows bytes that were stored after vmsplice");

	if (write(pipe_fd[1], room, PAGE) != (ssize_t)PAGE)
		bail("write to a pipe");
	v.iov_base = p;
	v.iov_len = PAGE;
	is(vmsplice(pipe_fd[0], &v, 1, 0), PAGE, "vmsplice from a pipe");
	ok(!memcmp(p, room, PAGE), "vmsplice from a pipe stores the bytes");
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	munmap(room, 2 * PAGE);
}

static void other_process(void)
{
	char *room = anon(size);
	struct iovec here = { room, size }, there = { p, size };
	int tell[2];
	pid_t pid;
	char c;

	if (pipe(tell))
		bail("pipe");
	pid = fork();
	if (!pid) {
		close(tell[1]);
		_exit(read(tell[0], &c, 1));
	}
	close(tell[0]);
	fill(p, size, 4);
	is(process_vm_readv(pid, &here, 1, &there, 1, 0), size,
	   "process_vm_readv from a child's mapping");
	ok(filled(room, size, 4), "process_vm_readv returns the bytes");
	fill(room, size, 5);
	is(process_vm_writev(pid, &here, 1, &there, 1, 0), size,
	   "process_vm_writev to a child's mapping");
	ok(filled(p, size, 5), "process_vm_writev stores the bytes");
	close(tell[1]);
	is(child_status(pid), 0, "the child ends well");
	munmap(room, size);
}

static void own_mem(void)
{
	int mem = xopen("/proc/self/mem", O_RDWR);
	char *room = anon(size), *ro;

	fill(p, size, 6);
	is(pread(mem, room, size, (uintptr_t)p), size,
	   "read from /proc/self/mem");
	ok(filled(room, size, 6), "/proc/self/mem returns the bytes");
	fill(room, size, 7);
	is(pwrite(mem, room, size, (uintptr_t)p), size,
	   "write to /proc/self/mem");
	ok(filled(p, size, 7), "/proc/self/mem stores the bytes");

	/* It ignores the protection only where it can make a private copy. */
	ro = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	fails(pwrite(mem, room, 8, (uintptr_t)ro), EIO,
	      "write to a read-only mapping by /proc/self/mem: EIO");
	munmap(ro, PAGE);
	close(mem);
	munmap(room, size);
}

static int register_buffer(struct uring *u, size_t len)
{
	struct iovec v = { p, len };

	return syscall(SYS_io_uring_register, u->fd, IORING_REGISTER_BUFFERS,
		       &v, 1);
}

/* Before 6.5, kernels refuse every mapping of a file as a fixed buffer. */
static void fixed_buffers(void)
{
	int d = xopen(FILE_PATH, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT);
	struct uring u;
	int ret;

	if (!uring_open(&u))
		bail("io_uring_setup");
	ret = register_buffer(&u, size);
	if (kernel() < 605) {
		fails(ret, EOPNOTSUPP, "io_uring: a fixed buffer before Linux 6.5: EOPNOTSUPP");
		close(d);
		close(u.fd);
		unlink(FILE_PATH);
		return;
	}
	is(ret ? errno : 0, 0, "io_uring: the mapping becomes a fixed buffer");
	fill(p, size, 8);
	is(uring_do(&u, IORING_OP_WRITE_FIXED, d, p, size, 0), size,
	   "io_uring: write from the fixed buffer");
	memset(p, 0, size);
	is(uring_do(&u, IORING_OP_READ_FIXED, d, p, size, 0), size,
	   "io_uring: read to the fixed buffer");
	ok(filled(p, size, 8), "io_uring: the mapping has the bytes");

	/* The pages stay pinned without the mapping. */
	munmap(p, size);
	is(uring_do(&u, IORING_OP_READ_FIXED, d, p, PAGE, PAGE), PAGE,
	   "io_uring: read to the fixed buffer after munmap");
	p = map(fd, size, 0);
	ok(!memcmp(p, p + PAGE, PAGE),
	   "io_uring: the buffer has the bytes that were read after munmap");
	close(u.fd);
	close(d);
	unlink(FILE_PATH);
}

/* Returns -1 where the kernel has no TCP. */
static int socket_pair(int *from, int *to)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int l = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(a);

	*from = socket(AF_INET, SOCK_STREAM, 0);
	if (*from < 0 && errno == EAFNOSUPPORT)
		return -1;
	if (bind(l, (void *)&a, sizeof(a)) || listen(l, 1) ||
	    getsockname(l, (void *)&a, &len) ||
	    connect(*from, (void *)&a, sizeof(a)))
		bail("loopback");
	*to = accept(l, NULL, NULL);
	if (*to < 0)
		bail("accept");
	close(l);
	return 0;
}

static void message(void)
{
	struct msghdr m = { 0 };
	char control[128], *room = anon(size);
	struct pollfd poll_fd = { 0 };
	struct iovec v = { p, 8 * PAGE };
	int from, to, one = 1;
	size_t got = 0;
	ssize_t n;

	if (socket_pair(&from, &to)) {
		skip("MSG_ZEROCOPY", "the kernel has no TCP");
		munmap(room, size);
		return;
	}
	if (setsockopt(from, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		bail("SO_ZEROCOPY");
	fill(p, size, 9);
	m.msg_iov = &v;
	m.msg_iovlen = 1;
	is(sendmsg(from, &m, MSG_ZEROCOPY), 8 * PAGE, "send with MSG_ZEROCOPY");
	while (got < 8 * PAGE) {
		n = read(to, room + got, 8 * PAGE - got);
		if (n <= 0)
			break;
		got += n;
	}
	is(got, 8 * PAGE, "MSG_ZEROCOPY: bytes that arrive");
	ok(filled(room, 8 * PAGE, 9), "MSG_ZEROCOPY: the right bytes arrive");

	poll_fd.fd = from;
	poll(&poll_fd, 1, 10000);
	memset(&m, 0, sizeof(m));
	m.msg_control = control;
	m.msg_controllen = sizeof(control);
	ok(recvmsg(from, &m, MSG_ERRQUEUE) >= 0,
	   "MSG_ZEROCOPY: the kernel reports that the pages are free");
	close(from);
	close(to);
	munmap(room, size);
}

int main(int argc, char **argv)
{
	fd = device_open(argc, argv, &size);
	p = map(fd, size, 0);
	direct();
	pipes();
	other_process();
	own_mem();
	fixed_buffers();
	message();
	touch(p, size);
	ok(contiguous(p, size, info(fd).phys_addr),
	   "all pages are at their addresses in the end");
	return tap_done();
}
