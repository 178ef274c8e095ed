// SPDX-License-Identifier: GPL-2.0-only
/*
 * held-by-user UID GID: a user keeps a buffer in use in every possible way. Root
 * can remove the device nevertheless, and the memory is freed when the user's
 * program is killed.
 */
#include "base.h"

#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#include "clock.h"
#include "configfs.h"
#include "device.h"
#include "kernel.h"
#include "memory.h"
#include "pattern.h"
#include "unplug.h"
#include "uring.h"

#define FILES	1000
#define MAPS	2000
#define OWN	(16 * MIB)	/* memory for files and mappings, at most */

static char path[32];

/* Send the file to a socket that is itself in the queue of a socket. */
static void send_to_queue(int fd)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(3 * sizeof(int))];
	} control = { 0 };
	struct iovec v = { "", 1 };
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int pair[2], fds[3];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		_exit(10);
	fds[0] = fd;
	fds[1] = pair[0];
	fds[2] = pair[1];
	control.h.cmsg_level = SOL_SOCKET;
	control.h.cmsg_type = SCM_RIGHTS;
	control.h.cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(&control.h), fds, sizeof(fds));
	if (sendmsg(pair[0], &m, 0) != 1)
		_exit(11);
	close(pair[0]);
	close(pair[1]);
}

static void hold(int uid, int gid, int tell)
{
	int fd, i, pipe_fd[2];
	struct iovec v;
	struct uring u;
	char *p;

	if (setgroups(0, NULL) || setgid(gid) || setuid(uid))
		_exit(2);
	fd = open(path, O_RDWR);
	if (fd < 0 || pipe(pipe_fd))
		_exit(3);
	p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		_exit(4);
	memset(p, 1, SIZE);
	v.iov_base = p;
	v.iov_len = 16 * PAGE;
	if (vmsplice(pipe_fd[1], &v, 1, 0) <= 0)
		_exit(5);
	v.iov_len = MIB;	/* within RLIMIT_MEMLOCK */
	if (kernel() >= 605 &&
	    (!uring_open(&u) ||
	     syscall(SYS_io_uring_register, u.fd, IORING_REGISTER_BUFFERS, &v,
		     1)))
		_exit(6);
	send_to_queue(fd);
	while (open(path, O_RDWR) >= 0)
		;
	if (errno != EMFILE)
		_exit(7);
	for (i = 1; i < MAPS; i++)
		if (mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, fd,
			 0) == MAP_FAILED)
			_exit(8);
	(void)!write(tell, "", 1);
	for (;;) {
		/* Only SIGKILL ends it. */
		signal(SIGTERM, SIG_IGN);
		p[0]++;
		pause();
	}
}

/* Other programs can use this buffer and create others. */
static void use_by_others(void)
{
	int fd = buffer_open("a"), other = buffer_make("b", SIZE);
	char *p = map(fd, PAGE, 0);

	is(p[1], 1, "another program can open and map the buffer");
	munmap(p, PAGE);
	p = map(other, SIZE, 0);
	ok(zero(p, SIZE), "another buffer can be created, and is zeroed");
	munmap(p, SIZE);
	close(other);
	close(fd);
	buffer_drop("b");
}

static void remove_device(dev_t number)
{
	long long begin = now_ms();

	configfs_set("a", "live", "0");
	buffer_drop("a");
	begin = now_ms() - begin;
	ok(begin < 5000, "live=0 and rmdir do not wait for users (%lld ms)",
	   begin);
	fails(open(path, O_RDWR), ENOENT, "open of the device: ENOENT");
	if (mknod("/tmp/held", S_IFCHR | 0600, number))
		bail("mknod");
	fails(open("/tmp/held", O_RDWR), ENODEV,
	      "open of another node of the device: ENODEV");
	unlink("/tmp/held");
	fails(module_unload(), EAGAIN,
	      "unload while the buffer is in use: EAGAIN");
}

int main(int argc, char **argv)
{
	const struct rlimit files = { FILES, FILES };
	int tell[2], fd, i, openers;
	long long start;
	struct stat st;
	pid_t pid;
	char c;

	if (argc != 3)
		return 2;
	start = free_memory();
	fd = buffer_make("a", SIZE);
	snprintf(path, sizeof(path), "/dev/kshm%d", buffer_minor("a"));
	if (chown(path, 0, atoi(argv[2])) || chmod(path, 0660) ||
	    fstat(fd, &st) || pipe(tell))
		bail("%s", path);
	close(fd);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(tell[0]);
		setrlimit(RLIMIT_NOFILE, &files);
		hold(atoi(argv[1]), atoi(argv[2]), tell[1]);
	}
	close(tell[1]);
	if (read(tell[0], &c, 1) != 1)
		bail("the user ended with status %d", child_status(pid));
	openers = atoi(attr(buffer_minor("a"), "openers"));
	ok(openers > FILES - 20, "a user has the device open %d times",
	   openers);
	is(atoi(attr(buffer_minor("a"), "mappings")), MAPS,
	   "mappings of the user");
	use_by_others();
	remove_device(st.st_rdev);
	diag("%lld KiB are in use", (start - free_memory()) / 1024);
	ok(start - free_memory() > (long long)SIZE - SLACK,
	   "the memory of the removed device stays allocated");
	ok(start - free_memory() < (long long)(SIZE + OWN),
	   "files and mappings of the user take less than 16 MiB");
	kill(pid, SIGKILL);
	is(child_status(pid), 256 + SIGKILL, "the user's program is killed");
	/*
	 * A file in the queue of a socket that is itself in a queue is garbage.
	 * The kernel collects it when the next socket is closed, and no other
	 * program here has one.
	 */
	close(socket(AF_UNIX, SOCK_DGRAM, 0));
	/* Workers of the kernel free rings and sockets. */
	for (i = 0; i < 100 && start - free_memory() > SLACK; i++)
		nap_ms(100);
	ok(is_allocated(start, 0), "the memory is freed after %d ms", i * 100);
	for (i = 0; i < 100 && module_unload(); i++)
		nap_ms(100);
	ok(access("/sys/class/kshm", F_OK), "the module can be unloaded");
	return tap_done();
}
