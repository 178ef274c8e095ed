// SPDX-License-Identifier: GPL-2.0-only
/*
 * basic: what KSHM_IOC_ALLOC returns is a regular file of the right size, and
 * lives until its last user is gone, whoever that is.
 */
/* build: also 32-bit */
#include "base.h"

#include <signal.h>
#include <sys/socket.h>

#include "clock.h"
#include "kernel.h"
#include "memfd.h"

static void is_file(void)
{
	const size_t size = 3 * PAGE;
	int fd = memfd(size - 100), inherited, devs = devices();
	struct kshm_alloc a = alloc_request(1);
	struct kshm_info i = info(fd);
	struct stat st;
	char *p;

	fstat(fd, &st);
	ok(S_ISREG(st.st_mode), "it is a regular file");
	is(st.st_size, size, "st_size, rounded up to pages");
	is(st.st_blocks, size / 512, "st_blocks");
	is(st.st_mode & 07777, 0600, "mode");
	is(st.st_uid, getuid(), "owner");
	is(lseek(fd, 0, SEEK_END), size, "lseek() to the end");
	is(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR, "it is open for reading and writing");
	is(fcntl(fd, F_GETFD), FD_CLOEXEC, "KSHM_ALLOC_CLOEXEC");
	is(i.size, size, "size of INFO");
	is_str(i.name, "", "name of INFO");
	is(devs, 1, "it is no device");

	p = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ok(p != MAP_FAILED, "a mapping of st_size bytes");
	is(p[0] | p[size - 1], 0, "it is zeroed");
	p[0] = 'm';
	is(pwrite(fd, "w", 1, 1), 1, "pwrite");
	is(p[1], 'w', "a write is in the mapping");
	fails(pwrite(fd, "w", 1, size), ENOSPC, "a write at the end");
	munmap(p, size);

	a.flags = 0;
	inherited = memfd_try(&a);
	is(fcntl(inherited, F_GETFD), 0, "without KSHM_ALLOC_CLOEXEC");
	close(inherited);
	close(fd);
}

static void keeps_size(void)
{
	int fd = memfd(64 * KIB), again;
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fails(ftruncate(fd, 0), EPERM, "ftruncate to 0");
	fails(ftruncate(fd, PAGE), EPERM, "ftruncate to a page");
	fails(ftruncate(fd, 128 * KIB), EPERM, "ftruncate to more");
	fails(truncate(path, PAGE), EPERM, "truncate by its path");
	fails(memfd_reopen(fd, O_RDWR | O_TRUNC), EPERM, "open with O_TRUNC");
	fails(fallocate(fd, 0, 0, 128 * KIB), EOPNOTSUPP, "fallocate");
	fstat(fd, &st);
	is(st.st_size, 64 * KIB, "st_size afterwards");
	ok(!fchmod(fd, 0640), "fchmod");
	fstat(fd, &st);
	is(st.st_mode & 07777, 0640, "mode afterwards");

	again = memfd_reopen(fd, O_RDONLY);
	ok(again >= 0, "open it again for reading");
	ok(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0) ==
	   MAP_FAILED && errno == EACCES, "that cannot be mapped for writing");
	is(info(again).phys_addr, info(fd).phys_addr, "it is the same memory");
	close(fd);
	fstat(again, &st);
	is(st.st_size, 64 * KIB, "it lives without the first file");
	close(again);
}

static void placed(void)
{
	struct kshm_alloc a = alloc_request(256 * KIB);
	struct kshm_info i;
	int fd;

	a.align = MIB;
	fd = memfd_try(&a);
	is(info(fd).phys_addr % MIB, 0, "align");
	close(fd);

	a.align = 0;
	a.addr_bits = 40;
	fd = memfd_try(&a);
	i = info(fd);
	ok(i.phys_addr + i.size <= 1ULL << 40, "addr_bits");
	close(fd);

	/* Where it was, it fits again. */
	a.addr_bits = 0;
	a.addr_min = i.phys_addr - i.phys_addr % (64 * MIB);
	a.addr_max = a.addr_min + 64 * MIB - 1;
	fd = memfd_try(&a);
	i = info(fd);
	ok(i.phys_addr >= a.addr_min && i.phys_addr + i.size - 1 <= a.addr_max,
	   "addr_min and addr_max");
	close(fd);

	a = alloc_request(PAGE);
	a.node = 0;
	fd = memfd_try(&a);
	is(info(fd).node, 0, "node");
	close(fd);
}

static void send_fd(int socket, int fd)
{
	union {
		char text[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} u = { 0 };
	struct iovec iov = { "x", 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = u.text, .msg_controllen = sizeof(u.text),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(socket, &m, 0) != 1)
		bail("sendmsg");
}

static int receive_fd(int socket)
{
	char c, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { &c, 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(socket, &m, 0) != 1 || !CMSG_FIRSTHDR(&m))
		bail("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static void passed(void)
{
	int pair[2], fd;
	pid_t pid;
	char *p;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		bail("socketpair");
	pid = fork();
	if (!pid) {
		int theirs = memfd(64 * KIB);

		pwrite(theirs, "from the child", 15, 0);
		send_fd(pair[1], theirs);
		_exit(0);
	}
	child_status(pid);
	is(memfd_used(), 64 * KIB, "a memfd in a socket, its maker gone, lives");
	fd = receive_fd(pair[0]);
	p = map(fd, PAGE, 0);
	is_str(p, "from the child", "what the maker has written");
	munmap(p, PAGE);
	close(fd);
	close(pair[0]);
	close(pair[1]);
}

/* used goes down a moment after close() and munmap() return. */
static bool freed(void)
{
	long long begin = now_ms();

	while (memfd_used() && now_ms() - begin < 5000)
		nap_ms(10);
	return !memfd_used();
}

static void lives(void)
{
	int fd = memfd(MIB), path, watch[2];
	pid_t pid;
	char *p, c;

	is(memfd_used(), MIB, "used counts it");
	p = map(fd, MIB, 0);
	strcpy(p, "still here");
	path = memfd_reopen(fd, O_PATH);
	close(fd);
	munmap(p + PAGE, MIB - PAGE);
	is(memfd_used(), MIB, "one mapped page keeps all of it");
	fails(module_unload(), EAGAIN, "unload while it is mapped");
	munmap(p, PAGE);
	is(memfd_used(), MIB, "so does a path to it (O_PATH)");
	fails(module_unload(), EAGAIN, "unload while there is a path");
	fd = memfd_reopen(path, O_RDWR);
	ok(fd >= 0, "it can be opened by this path");
	p = map(fd, PAGE, 0);
	is_str(p, "still here", "its contents");
	munmap(p, PAGE);
	close(fd);
	close(path);
	ok(freed(), "after the last one it is freed");

	if (pipe(watch))
		bail("pipe");
	pid = fork();
	if (!pid) {
		fd = memfd(4 * MIB);
		memset(map(fd, 4 * MIB, 0), 1, 4 * MIB);
		write(watch[1], "x", 1);
		for (;;)
			pause();
	}
	read(watch[0], &c, 1);
	is(memfd_used(), 4 * MIB, "a process has one of 4 MiB");
	kill(pid, SIGKILL);
	child_status(pid);
	ok(freed(), "it is freed when the process is killed");
	close(watch[0]);
	close(watch[1]);
}

int main(void)
{
	is_file();
	keeps_size();
	placed();
	passed();
	ok(freed(), "nothing is left of all of them");
	lives();
	return tap_done();
}
