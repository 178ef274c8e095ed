// SPDX-License-Identifier: GPL-2.0-only
/*
 * all SECONDS DIR: everything that can be done to buffers, at the same time.
 *
 * Creators create and remove buffers. Meddlers read, change and remove
 * directories of any creator. Users, which are processes with several threads,
 * map, fault, read, write, split, fork, and do O_DIRECT and io_uring with files
 * in DIR. Keepers start processes with memfds, which pass them on, and kill
 * these processes. Others compact memory, take memory blocks and processors offline, and
 * try to unload the module.
 *
 * Each buffer has a unique name. The name and the offset determine which word
 * is stored there, whichever program stores it. So each byte is zero or a byte
 * of this word. Anything else is memory of another program, of another offset,
 * or contents of an earlier buffer.
 */
#include "base.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#include "clock.h"
#include "configfs.h"
#include "device.h"
#include "kernel.h"
#include "memfd.h"
#include "memory.h"
#include "pattern.h"
#include "uring.h"

#define CREATORS	3
#define MEDDLERS	2
#define USERS		2
#define KEEPERS		2
#define OTHERS		3
#define THREADS		3	/* of each user */
#define MAPPINGS	4	/* of each user */
#define MEMFDS		3	/* of each process of a keeper */
#define STRIDE		(16 * MIB)
#define CARVEOUT	RESERVED_PHYS	/* see runner/arch */
#define CARVEOUTS	54		/* MiB; 10 more are the largest buffer */
#define LOST_LIMIT	2048	/* pages */
#define PATIENCE	300	/* seconds more at most */
/*
 * Pages that a kernel with KASAN loses each time a processor goes offline and
 * online, also without this module: 2.7 to 3.4 were measured.
 */
#define LOST_HOTPLUG	4

/* Shared by all processes. */
static struct shared {
	bool stop;
	unsigned long made, carved, refused, meddled, mapped, ops, caught;
	unsigned long direct, fixed, forks, written, sysfs, polls, advised;
	unsigned long memfds, memfds_refused, sent, received, inherited, killed;
	unsigned long compacted, offline, hotplug, unloads, held, wrong;
	__u64 place;		/* addresses are never used twice */
} *all;

/* Shared by the threads of a user. */
static struct mapping {
	char *addr;
	size_t len, off;	/* off: in the buffer */
	__u64 tag;
	int fd;
} mappings[MAPPINGS];
static pthread_mutex_t mappings_lock = PTHREAD_MUTEX_INITIALIZER;

static __thread sigjmp_buf fault_env;
static __thread volatile bool may_fault;
static __thread unsigned int seed;
static __thread struct uring ring;
static __thread int file;
static __thread char *scratch;

static unsigned int pick(unsigned int n)
{
	return rand_r(&seed) % n;
}

static unsigned long count(unsigned long *what)
{
	return __atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

static bool all_stopped(void)
{
	return stopped(&all->stop);
}

static void on_fault(int sig)
{
	if (!may_fault)
		_exit(100 + sig);
	siglongjmp(fault_env, 1);
}

static void catch_faults(void)
{
	struct sigaction act = { .sa_handler = on_fault };

	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
}

/* Creators */

/*
 * Names are rNUMBER: see tag_of(). A buffer exists for about the time that its
 * creation took, so that there is one most of the time on slow kernels, too.
 */
static void create(unsigned int who)
{
	static const char * const sizes[] = {
		"4K", "20K", "64K", "1M", "2M", "2052K", "4M", "6M", "10244K",
	};
	unsigned int round;

	seed = who + 1;
	for (round = 0; !all_stopped(); round++) {
		char name[16], path[64], phys[16];
		long long start;
		bool carve;

		snprintf(name, sizeof(name), "r%u",
			 round * CREATORS + who + 1);
		snprintf(path, sizeof(path), CONFIGFS "/%s", name);
		if (mkdir(path, 0700)) {
			nap_ms(1);
			continue;
		}
		configfs_try(name, "size", sizes[pick(ARRAY_SIZE(sizes))]);
		carve = !pick(8);
		if (carve) {
			snprintf(phys, sizeof(phys), "%#x",
				 CARVEOUT + pick(CARVEOUTS) * (int)MIB);
			configfs_try(name, "phys_addr", phys);
		} else if (!pick(4)) {
			configfs_try(name, "addr_bits", "32");
		}
		start = now_ms();
		if (configfs_try(name, "live", "1"))
			count(carve ? &all->carved : &all->made);
		else
			count(&all->refused);
		nap_ms(pick(60) + (now_ms() - start) % 1000);
		if (pick(2))
			configfs_try(name, "live", "0");
		if (!pick(8) && configfs_try(name, "live", "1"))
			nap_ms(pick(10));
		/* A meddler may have removed it. */
		while (rmdir(path) && errno != ENOENT)
			nap_ms(1);
	}
}

/* Meddlers */

/* The number in the name of a directory of configfs; 0 when there is none. */
static unsigned int pick_directory(void)
{
	unsigned int number, picked = 0, seen = 0;
	DIR *d = opendir(CONFIGFS);
	struct dirent *e;

	if (!d)
		return 0;
	while ((e = readdir(d))) {
		/* Each one that was seen has the same chance. */
		if (sscanf(e->d_name, "r%u", &number) == 1 && !pick(++seen))
			picked = number;
	}
	closedir(d);
	return picked;
}

static bool read_directory(const char *name)
{
	static const char * const names[] = {
		"size", "node", "addr_bits", "phys_addr", "dev_name", "live",
	};
	char path[64], text[64];
	bool good = true;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(names) && good; i++) {
		snprintf(path, sizeof(path), CONFIGFS "/%s/%s", name, names[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return false;
		good = read(fd, text, sizeof(text)) > 0;
		close(fd);
	}
	return good;
}

/* False if the directory does not exist any more, or is in another state. */
static bool meddle_with(const char *name)
{
	char path[64];

	switch (pick(10)) {
	case 0 ... 1:
		return configfs_try(name, "live", "0");
	case 2 ... 3:
		return configfs_try(name, "live", "1");
	case 4:
		return configfs_try(name, "size", pick(2) ? "28K" : "2M");
	case 5:
		return configfs_try(name, "addr_bits", pick(2) ? "0" : "32");
	case 6:
		snprintf(path, sizeof(path), CONFIGFS "/%s", name);
		return !pick(4) && !rmdir(path);
	default:
		return read_directory(name);
	}
}

static void meddle(unsigned int who)
{
	unsigned int number;
	char name[16];

	seed = 50 + who;
	while (!all_stopped()) {
		number = pick_directory();
		snprintf(name, sizeof(name), "r%u", number);
		if (number && meddle_with(name))
			count(&all->meddled);
		nap_ms(pick(20));
	}
}

/* Users */

/* Made of the number in the name; 0 for other buffers. */
static __u64 tag_of(int fd)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	unsigned int number;

	if (ioctl(fd, KSHM_IOC_INFO, &i) ||
	    sscanf(i.name, "r%u", &number) != 1)
		return 0;
	return (__u64)number << 32;
}

/* A word that is being copied may be there in parts. */
static bool is_part(__u64 w, __u64 whole)
{
	int i;

	for (i = 0; i < 64; i += 8) {
		__u8 byte = w >> i;

		if (byte && byte != (__u8)(whole >> i))
			return false;
	}
	return true;
}

/* Check the words at an offset of the buffer with this tag. */
static void check_words(const __u64 *words, size_t len, __u64 tag, size_t off,
			const char *how)
{
	size_t i;

	for (i = 0; i < len / 8; i++) {
		__u64 w = __atomic_load_n(words + i, __ATOMIC_RELAXED);
		__u64 right = word(tag, off / 8 + i);

		if (!w || w == right || is_part(w, right))
			continue;
		if (count(&all->wrong) < 20)
			diag("%s: at %#zx of r%llu is %#llx, not %#llx", how,
			     off + i * 8, tag >> 32, w, right);
		return;
	}
}

static void write_words(__u64 *words, size_t len, __u64 tag, size_t off)
{
	size_t i;

	for (i = 0; i < len / 8; i++)
		__atomic_store_n(words + i, word(tag, off / 8 + i),
				 __ATOMIC_RELAXED);
}

static void map_another(void)
{
	char path[32];
	struct mapping new = { 0 }, old;
	struct stat st;
	size_t pages, first;
	struct kshm_info i = { .struct_size = sizeof(i) };

	snprintf(path, sizeof(path), "/dev/kshm%u", pick(CREATORS));
	if (stat(path, &st) || !S_ISCHR(st.st_mode))
		return;
	new.fd = open(path, O_RDWR | O_CLOEXEC);
	if (new.fd < 0)
		return;
	new.tag = tag_of(new.fd);
	if (!new.tag || ioctl(new.fd, KSHM_IOC_INFO, &i)) {
		close(new.fd);
		return;
	}
	pages = i.size / PAGE;
	first = pick(3) ? 0 : pick(pages);
	new.off = first * PAGE;
	new.len = (1 + pick(pages - first)) * PAGE;
	if (!first && pick(3))
		new.len = i.size;
	new.addr = (char *)__atomic_fetch_add(&all->place, STRIDE,
					      __ATOMIC_RELAXED);
	if (!pick(4))
		new.addr += PAGE;
	if (mmap(new.addr, new.len, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED_NOREPLACE |
		 (pick(4) ? 0 : MAP_POPULATE), new.fd, new.off) !=
	    new.addr) {
		close(new.fd);
		return;
	}
	count(&all->mapped);

	pthread_mutex_lock(&mappings_lock);
	first = pick(MAPPINGS);
	old = mappings[first];
	mappings[first] = new;
	pthread_mutex_unlock(&mappings_lock);
	if (old.addr) {
		munmap(old.addr, old.len);
		close(old.fd);
	}
}

static void fork_and_look(const struct mapping *m)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		may_fault = true;
		if (!sigsetjmp(fault_env, 1))
			check_words((__u64 *)m->addr, PAGE, m->tag, m->off, "child");
		_exit(0);
	}
	if (pid > 0) {
		count(&all->forks);
		if (waitpid(pid, &status, 0) != pid || status) {
			count(&all->wrong);
			diag("a child ends with %#x", status);
		}
	}
}

/* Write to the file and read back to the mapping. */
static void go_direct(char *p, size_t len)
{
	if (pwrite(file, p, len, 0) == (ssize_t)len &&
	    pread(file, p, len, 0) == (ssize_t)len)
		count(&all->direct);
}

static void go_fixed(char *p, size_t len)
{
	struct iovec v = { p, len };

	if (ring.fd < 0)
		return;
	if (syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS,
		    &v, 1)) {
		/* Before 6.5 this is refused for all mappings of files. */
		if (kernel() < 605 && errno == EOPNOTSUPP)
			count(&all->fixed);
		return;
	}
	if (uring_do(&ring, IORING_OP_WRITE_FIXED, file, p, len, 0) ==
	    (int)len &&
	    uring_do(&ring, IORING_OP_READ_FIXED, file, p, len, 0) == (int)len)
		count(&all->fixed);
	syscall(SYS_io_uring_register, ring.fd, IORING_UNREGISTER_BUFFERS,
		NULL, 0);
}

static void read_sysfs(void)
{
	char path[64], text[256];
	int fd;

	snprintf(path, sizeof(path), "/sys/class/kshm/kshm%u/%s",
		 pick(CREATORS), device_attrs[pick(ARRAY_SIZE(device_attrs))]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text)) > 0)
		count(&all->sysfs);
	else if (errno != ENODEV)
		count(&all->wrong);
	close(fd);
}

/* Often, so that threads do it to the same buffer at the same time. */
static void open_and_close(void)
{
	char path[32];
	int i, fd;

	snprintf(path, sizeof(path), "/dev/kshm%u", pick(CREATORS));
	for (i = 0; i < 16; i++) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return;
		close(fd);
	}
}

static void copy_and_look(const struct mapping *m, size_t off)
{
	ssize_t n = pread(m->fd, scratch, 4 * PAGE, off);

	/* Another thread may have closed it, and a third opened a file. */
	if (n > 0 && tag_of(m->fd) == m->tag)
		check_words((__u64 *)scratch, n, m->tag, off, "pread");
}

/* Write to a device, by a file that no other thread closes. */
static void write_to_device(void)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	char path[32];
	__u64 tag;
	int fd;

	snprintf(path, sizeof(path), "/dev/kshm%u", pick(CREATORS));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	tag = tag_of(fd);
	if (tag && !ioctl(fd, KSHM_IOC_INFO, &i)) {
		size_t off = pick(i.size / 8) * 8;

		write_words((__u64 *)scratch, 4 * PAGE, tag, off);
		if (pwrite(fd, scratch, 4 * PAGE, off) > 0)
			count(&all->written);
	}
	close(fd);
}

/* The pipe gets the pages; reading it copies them. */
static void splice_and_look(const struct mapping *m, size_t off, size_t len)
{
	struct iovec v = { m->addr + off, len };
	int ends[2];
	ssize_t n;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return;
	n = vmsplice(ends[1], &v, 1, SPLICE_F_NONBLOCK);
	if (n > 0) {
		n = read(ends[0], scratch, n);
		if (n > 0)
			check_words((__u64 *)scratch, n, m->tag, m->off + off,
				    "vmsplice");
	}
	close(ends[0]);
	close(ends[1]);
}

static void use_mapping(const struct mapping *m)
{
	size_t pages = m->len / PAGE, first = pick(pages);
	size_t nr = 1 + pick(pages - first < 8 ? pages - first : 8);
	size_t len = nr * PAGE;
	size_t off = first * PAGE;
	char *p = m->addr + off;
	struct pollfd poll_fd = { .fd = m->fd, .events = POLLIN | POLLPRI };

	switch (pick(20)) {
	case 0 ... 2:
		check_words((__u64 *)p, len, m->tag, m->off + off, "mapping");
		break;
	case 3 ... 5:
		write_words((__u64 *)p, len, m->tag, m->off + off);
		break;
	case 6:
		if (!madvise(p, len, MADV_DONTNEED))
			count(&all->advised);
		break;
	case 7:
		mprotect(p, len, pick(2) ? PROT_READ : PROT_READ | PROT_WRITE);
		break;
	case 8:
		if (!pick(16))
			fork_and_look(m);
		break;
	case 9:
		if (!pick(4))
			munmap(p, len);
		break;
	case 10:
		go_direct(p, len);
		break;
	case 11:
		go_fixed(p, len);
		break;
	case 12:
		copy_and_look(m, m->off + off);
		break;
	case 13:
		read_sysfs();
		break;
	case 14:
		if (poll(&poll_fd, 1, 0) > 0)
			count(&all->polls);
		break;
	case 15:
		splice_and_look(m, off, len);
		break;
	case 16:
		madvise(m->addr, m->len, MADV_DONTNEED);
		break;
	case 17:
		open_and_close();
		break;
	case 18:
		madvise(p, len, pick(2) ? MADV_PAGEOUT : MADV_POPULATE_WRITE);
		break;
	case 19:
		write_to_device();
		break;
	}
}

static void *use(void *arg)
{
	char path[32];
	long who = (long)arg;

	seed = 100 + who;
	snprintf(path, sizeof(path), "all%ld", who);
	file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT | O_CLOEXEC,
		    0600);
	if (file < 0)
		bail("%s", path);
	if (!uring_open(&ring))
		ring.fd = -1;
	scratch = anon(64 * KIB);
	while (!all_stopped()) {
		struct mapping m;

		if (!pick(40))
			map_another();
		pthread_mutex_lock(&mappings_lock);
		m = mappings[pick(MAPPINGS)];
		pthread_mutex_unlock(&mappings_lock);
		if (!m.addr) {
			map_another();
			continue;
		}
		may_fault = true;
		if (!sigsetjmp(fault_env, 1))
			use_mapping(&m);
		else
			count(&all->caught);
		may_fault = false;
		count(&all->ops);
	}
	return NULL;
}

static void user(unsigned int who)
{
	pthread_t threads[THREADS];
	long i;

	catch_faults();
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, use,
				   (void *)(who * THREADS + i)))
			bail("pthread_create");
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* Keepers */

/* Memfds on their way from one process to another. */
static int sockets[2];

/* Not the tag of a device: the highest bit is set. */
static __u64 new_memfd_tag(void)
{
	return (1ULL << 31 | count(&all->memfds)) << 32;
}

static void check_memfd(const struct mapping *m, const char *p, const char *how)
{
	if (filled(p, m->len, m->tag))
		return;
	if (count(&all->wrong) < 20)
		diag("%s: other bytes in a memfd of %zu", how, m->len);
}

/* The module may be on its way, or the memory not to be had. */
static int alloc_memfd(size_t size)
{
	struct kshm_alloc a = alloc_request(size);
	int node = open(ALLOC_NODE, O_RDWR | O_CLOEXEC), fd;

	if (node < 0)
		return -1;
	if (!pick(4))
		a.addr_bits = 32;
	fd = ioctl(node, KSHM_IOC_ALLOC, &a);
	if (fd < 0) {
		if (errno != ENOMEM && errno != EDQUOT)
			count(&all->wrong);
		count(&all->memfds_refused);
	}
	close(node);
	return fd;
}

static void make_memfd(struct mapping *m)
{
	static const size_t sizes[] = {
		4 * KIB, 20 * KIB, 64 * KIB, MIB, 2 * MIB, 2052 * KIB, 4 * MIB,
		6 * MIB, 10244 * KIB,
	};
	size_t size = sizes[pick(ARRAY_SIZE(sizes))];
	int fd = alloc_memfd(size);

	if (fd < 0) {
		nap_ms(1);
		return;
	}
	m->fd = fd;
	m->len = size;
	m->tag = new_memfd_tag();
	m->addr = map(fd, size, 0);
	if (!zero(m->addr, size)) {
		count(&all->wrong);
		diag("a new memfd of %zu bytes is not zero", size);
	}
	fill(m->addr, size, m->tag);
}

static void drop_memfd(struct mapping *m)
{
	bool close_first = pick(2);

	if (close_first)
		close(m->fd);
	munmap(m->addr, m->len);
	if (!close_first)
		close(m->fd);
	m->addr = NULL;
}

/* A control message with one descriptor. */
union rights {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void send_memfd(const struct mapping *m)
{
	struct iovec v = { (void *)m, sizeof(*m) };
	union rights rights = { 0 };
	struct msghdr msg = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &m->fd, sizeof(int));
	if (sendmsg(sockets[0], &msg, MSG_DONTWAIT) == sizeof(*m))
		count(&all->sent);
}

/* False when there is none on its way. */
static bool receive_memfd(struct mapping *m)
{
	struct iovec v = { m, sizeof(*m) };
	union rights rights;
	struct msghdr msg = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = &rights,
		.msg_controllen = sizeof(rights),
	};
	struct cmsghdr *c;

	if (recvmsg(sockets[1], &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) !=
	    sizeof(*m))
		return false;
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_RIGHTS) {
		count(&all->wrong);
		return false;
	}
	memcpy(&m->fd, CMSG_DATA(c), sizeof(int));
	return true;
}

static void receive_and_look(void)
{
	struct mapping m;

	if (!receive_memfd(&m))
		return;
	m.addr = map(m.fd, m.len, 0);
	check_memfd(&m, m.addr, "received");
	count(&all->received);
	drop_memfd(&m);
}

static void reap(int flags)
{
	int status;

	while (waitpid(-1, &status, flags) > 0) {
		if (!status ||
		    (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
			continue;
		count(&all->wrong);
		diag("a child with a memfd ends with %#x", status);
	}
}

/* The child may live longer than its parent, and is the last user then. */
static void inherit_memfd(const struct mapping *m)
{
	pid_t pid = fork();

	if (!pid) {
		check_memfd(m, m->addr, "inherited mapping");
		check_memfd(m, map(m->fd, m->len, 0), "inherited file");
		count(&all->inherited);
		if (pick(2))
			raise(SIGKILL);
		_exit(0);
	}
	if (pid > 0)
		reap(pick(2) ? 0 : WNOHANG);
}

static void read_memfd(const struct mapping *m, size_t off)
{
	ssize_t n = pread(m->fd, scratch, PAGE, off);

	if (n != (ssize_t)PAGE || !filled(scratch, n, m->tag + off / 8)) {
		count(&all->wrong);
		diag("pread of a memfd: %zd, or other bytes", n);
	}
}

/* To a file and back. */
static void direct_memfd(char *page)
{
	if (pwrite(file, page, PAGE, 0) != (ssize_t)PAGE ||
	    pread(file, page, PAGE, 0) != (ssize_t)PAGE)
		count(&all->wrong);
}

/* Take another open file, and lose the first one. */
static void reopen_memfd(struct mapping *m)
{
	int fd = memfd_reopen(m->fd, O_RDWR);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || st.st_size != (off_t)m->len) {
		count(&all->wrong);
		return;
	}
	close(m->fd);
	m->fd = fd;
}

static void use_memfd(struct mapping *m)
{
	size_t off = pick(m->len / PAGE) * PAGE;

	switch (pick(10)) {
	case 0 ... 1:
		check_memfd(m, m->addr, "memfd");
		break;
	case 2:
		fill(m->addr, m->len, m->tag);
		break;
	case 3:
		read_memfd(m, off);
		break;
	case 4:
		madvise(m->addr + off, PAGE, MADV_DONTNEED);
		break;
	case 5:
		direct_memfd(m->addr + off);
		break;
	case 6:
		reopen_memfd(m);
		break;
	case 7:
		send_memfd(m);
		break;
	case 8:
		receive_and_look();
		break;
	case 9:
		inherit_memfd(m);
		break;
	}
}

/* Until it is killed, whatever it does then. */
static void keep_memfds(void)
{
	struct mapping memfds[MEMFDS] = { 0 };

	scratch = anon(PAGE);
	/* Of one that was killed, perhaps. */
	receive_and_look();
	for (;;) {
		struct mapping *m = &memfds[pick(MEMFDS)];

		if (!m->addr)
			make_memfd(m);
		else if (!pick(12))
			drop_memfd(m);
		else
			use_memfd(m);
	}
}

static void lose_memfds(void)
{
	struct mapping m;

	while (receive_memfd(&m))
		close(m.fd);
}

/* Every other ten seconds, so that memory can go offline between. */
static bool keepers_rest(void)
{
	return now_ms() / 10000 % 2;
}

static void keep(unsigned int who)
{
	char path[32];
	int status;
	pid_t pid;

	seed = 200 + who;
	/* Children of processes that it has killed become its own. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	snprintf(path, sizeof(path), "memfds%u", who);
	file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_DIRECT | O_CLOEXEC,
		    0600);
	if (file < 0 || unlink(path))
		bail("%s", path);
	while (!all_stopped()) {
		if (keepers_rest()) {
			lose_memfds();
			reap(WNOHANG);
			nap_ms(100);
			continue;
		}
		try_put(ALLOC_SYSFS "limit", pick(2) ? "8M" : "1G");
		/* Another seed for the child. */
		pick(2);
		pid = fork();
		if (!pid)
			keep_memfds();
		if (pid < 0)
			bail("fork");
		nap_ms(pick(2000));
		kill(pid, SIGKILL);
		status = child_status(pid);
		if (status == 256 + SIGKILL) {
			count(&all->killed);
		} else {
			count(&all->wrong);
			diag("a process with memfds ends with %d", status);
		}
		reap(WNOHANG);
		/* Now and then none is left, and the module is not in use. */
		if (!pick(4))
			lose_memfds();
		nap_ms(pick(300));
	}
	reap(0);
}

/* Others */

static void on_alarm(int sig)
{
	(void)sig;
}

static void disturb_memory(void)
{
	struct sigaction act = { .sa_handler = on_alarm };
	char path[64];
	int i;

	seed = 7;
	sigaction(SIGALRM, &act, NULL);
	while (!all_stopped()) {
		if (try_put("/proc/sys/vm/compact_memory", "1"))
			count(&all->compacted);
		if (!pick(4))
			try_put("/proc/sys/vm/drop_caches", "3");
		/* Do not wait longer for a block that is in use. */
		snprintf(path, sizeof(path),
			 "/sys/devices/system/memory/memory%u/state", pick(16));
		alarm(2);
		if (try_put(path, "offline"))
			count(&all->offline);
		alarm(0);
		try_put(path, "online_movable");
		try_put(path, "online");
		nap_ms(50);
	}
	for (i = 0; i < 16; i++) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/memory/memory%u/state", i);
		try_put(path, "online");
	}
}

static void disturb_cpus(void)
{
	char path[64];

	seed = 8;
	while (!all_stopped()) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%u/online", 2 + pick(2));
		nap_ms(pick(300));
		if (try_put(path, "0"))
			count(&all->hotplug);
		nap_ms(pick(100));
		try_put(path, "1");
	}
}

/* Now and then the module is not in use. */
static void unload(void)
{
	seed = 9;
	while (!all_stopped()) {
		if (!module_unload()) {
			count(&all->unloads);
			if (module_load("buffers=none"))
				count(&all->wrong);
		} else if (errno == EAGAIN) {
			count(&all->held);
		}
		nap_ms(pick(20));
	}
}

static pid_t start(void (*work)(unsigned int), unsigned int arg)
{
	pid_t pid = fork();

	if (!pid) {
		work(arg);
		_exit(0);
	}
	if (pid < 0)
		bail("fork");
	return pid;
}

static void other(unsigned int who)
{
	switch (who) {
	case 0:
		disturb_memory();
		break;
	case 1:
		disturb_cpus();
		break;
	case 2:
		unload();
		break;
	}
}

#define NUMBER(field)	offsetof(struct shared, field)

/* Each of these must happen at least once. */
static const struct {
	const char *what;
	size_t number;	/* offset in struct shared */
} events[] = {
	{ "a buffer is created", NUMBER(made) },
	{ "a carveout is created", NUMBER(carved) },
	{ "a meddler reads, changes or removes a directory", NUMBER(meddled) },
	{ "a buffer is mapped", NUMBER(mapped) },
	{ "a mapping is used", NUMBER(ops) },
	{ "O_DIRECT with a mapping", NUMBER(direct) },
	{ "io_uring with a mapping as fixed buffer", NUMBER(fixed) },
	{ "fork of a program with a mapping", NUMBER(forks) },
	{ "write() to a device", NUMBER(written) },
	{ "a sysfs attribute is read", NUMBER(sysfs) },
	{ "poll() of a device", NUMBER(polls) },
	{ "MADV_DONTNEED of a mapping", NUMBER(advised) },
	{ "a memfd is made", NUMBER(memfds) },
	{ "a memfd is refused", NUMBER(memfds_refused) },
	{ "a memfd comes from another process", NUMBER(received) },
	{ "a memfd is used by a forked process", NUMBER(inherited) },
	{ "a process with memfds is killed", NUMBER(killed) },
	{ "memory is compacted", NUMBER(compacted) },
	{ "a memory block goes offline", NUMBER(offline) },
	{ "a processor goes offline", NUMBER(hotplug) },
	{ "unload is refused", NUMBER(held) },
};

static unsigned long number(size_t event)
{
	unsigned long n;

	memcpy(&n, (char *)all + events[event].number, sizeof(n));
	return n;
}

static bool all_happened(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!number(i))
			return false;
	return true;
}

static void report(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		ok(number(i), "%s: %lu times", events[i].what, number(i));
	diag("%lu buffers refused, %lu faults caught, unloaded %lu times",
	     all->refused, all->caught, all->unloads);
	diag("%lu memfds sent", all->sent);
}

/* What was on its way is freed when the sockets are, after close(). */
static void no_memfd_left(void)
{
	int i;

	close(sockets[0]);
	close(sockets[1]);
	for (i = 0; i < 500 && memfd_used(); i++)
		nap_ms(10);
	is(memfd_used(), 0, "bytes in memfds in the end");
}

int main(int argc, char **argv)
{
	pid_t pids[CREATORS + MEDDLERS + USERS + KEEPERS + OTHERS];
	unsigned int i, n = 0;
	long before;

	if (argc != 3 || chdir(argv[2]))
		return 2;
	all = anon_shared(sizeof(*all));
	all->place = 0x100000000000;
	before = free_pages();
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, sockets))
		bail("socketpair");

	for (i = 0; i < CREATORS; i++)
		pids[n++] = start(create, i);
	for (i = 0; i < MEDDLERS; i++)
		pids[n++] = start(meddle, i);
	for (i = 0; i < USERS; i++)
		pids[n++] = start(user, i);
	for (i = 0; i < KEEPERS; i++)
		pids[n++] = start(keep, i);
	for (i = 0; i < OTHERS; i++)
		pids[n++] = start(other, i);
	sleep(atoi(argv[1]));
	/* On a busy machine it takes longer until memory goes offline. */
	for (i = 0; i < PATIENCE && !all_happened(); i++)
		sleep(1);
	stop(&all->stop);
	for (i = 0; i < n; i++)
		is(child_status(pids[i]), 0, "process %u ends well", i);

	report();
	no_memfd_left();
	is(all->wrong, 0, "wrong bytes and results");
	for (i = 0; i < USERS * THREADS; i++) {
		char path[32];

		snprintf(path, sizeof(path), "all%u", i);
		unlink(path);
	}
	before -= free_pages();
	diag("%ld free pages fewer than before, %ld in slabs, %ld in stacks, %ld in shadow",
	     before, slab_pages(), stack_pages(), shadow_pages());
	if (kasan())
		before -= all->hotplug * LOST_HOTPLUG;
	ok(before < LOST_LIMIT, "fewer than %d pages are missing", LOST_LIMIT);
	return tap_done();
}
