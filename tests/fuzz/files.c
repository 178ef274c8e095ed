// SPDX-License-Identifier: GPL-2.0-only
/* Calls on open devices, except mmap(), and checks of their results. */
#include "fuzz.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "dmabuf.h"
#include "memfd.h"

#define FILES	4

/* What poll() can say of a device. */
#define READY	(POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM)

static struct device_file files[FILES] = {
	{ .fd = -1 }, { .fd = -1 }, { .fd = -1 }, { .fd = -1 },
};

static int pipe_fds[2] = { -1, -1 };

/**
 * file_get() - get an open device
 * @slot: the preferred slot
 *
 * Return: the device in the slot, or another open one, or NULL.
 */
const struct device_file *file_get(__u64 slot)
{
	unsigned int i;

	for (i = 0; i < FILES; i++) {
		const struct device_file *f = &files[(slot + i) % FILES];

		if (f->fd >= 0) {
			hits_kshm = true;
			return f;
		}
	}
	return NULL;
}

static void close_file(struct device_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/**
 * files_close() - close the files that the program left open
 */
void files_close(void)
{
	unsigned int i;

	for (i = 0; i < FILES; i++)
		close_file(&files[i]);
	if (pipe_fds[0] >= 0) {
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		pipe_fds[0] = -1;
	}
}

static bool have_pipe(void)
{
	return pipe_fds[0] >= 0 || !pipe2(pipe_fds, O_NONBLOCK | O_CLOEXEC);
}

/* slot, number of the device, flags */
void call_open(const struct call *c)
{
	struct kshm_info i = { .struct_size = sizeof(i) };
	struct device_file *f = &files[c->v[0] % FILES];
	int flags = (c->v[2] ^ O_RDWR) & ~(O_CREAT | O_TMPFILE | FASYNC);
	char path[32];

	snprintf(path, sizeof(path), "/dev/kshm%llu", c->v[1] % 8);
	close_file(f);
	hits_kshm = true;
	f->fd = open(path, flags | O_CLOEXEC);
	if (f->fd < 0)
		return;
	f->flags = flags;
	f->size = 0;
	if (!ioctl(f->fd, KSHM_IOC_INFO, &i))
		f->size = i.size;
	else if (!(flags & O_PATH))
		report_bug("%s: KSHM_IOC_INFO fails", path);
}

/*
 * slot, size, alignment, 2^addr_bits, node, cache, flags: make a memfd, which is
 * used as a device. Small sizes mostly, as its memory is zeroed.
 */
void call_alloc(const struct call *c)
{
	struct device_file *f = &files[c->v[0] % FILES];
	struct kshm_alloc a = {
		.struct_size = sizeof(a), .size = c->v[1], .align = c->v[2],
		.addr_bits = c->v[3], .node = (int)c->v[4] - 1,
		.cache = c->v[5], .flags = c->v[6],
	};
	int node = xopen(ALLOC_NODE, O_RDWR);
	struct stat st;

	if (c->v[1] >> 63 || !(c->v[1] >> 40))
		a.size %= 8 * MIB;
	close_file(f);
	hits_kshm = true;
	f->fd = ioctl(node, KSHM_IOC_ALLOC, &a);
	close(node);
	if (f->fd < 0)
		return;
	f->flags = O_RDWR;
	f->size = (a.size + PAGE - 1) & ~(PAGE - 1);
	if (fstat(f->fd, &st) || !S_ISREG(st.st_mode) ||
	    (__u64)st.st_size != f->size)
		report_bug("a memfd has %lld bytes, not %llu",
			   (long long)st.st_size, f->size);
	if (!f->size || a.flags & ~KSHM_ALLOC_CLOEXEC)
		report_bug("KSHM_IOC_ALLOC accepts size 0 or flags");
}

/* slot of the new file, slot of the old one, flags */
void call_reopen(const struct call *c)
{
	int flags = (c->v[2] ^ O_RDWR) & ~(O_CREAT | O_TMPFILE | FASYNC);
	const struct device_file *from = file_get(c->v[1]);
	struct device_file *f = &files[c->v[0] % FILES];
	struct device_file new;

	if (!from || from == f)
		return;
	new.size = from->size;
	new.flags = flags;
	new.fd = memfd_reopen(from->fd, flags);
	close_file(f);
	*f = new;
}

/* slot */
void call_close(const struct call *c)
{
	struct device_file *f = &files[c->v[0] % FILES];

	hits_kshm = f->fd >= 0;
	close_file(f);
}

/* A dma-buf that was made by the structure in scratch, if @known. */
static void use_dmabuf(const struct device_file *f, int dmabuf, bool known)
{
	const struct kshm_export *e = (struct kshm_export *)scratch;
	__u64 size = lseek(dmabuf, 0, SEEK_END);
	char *p;

	if (known && (!e->len || e->offset % PAGE || e->len % PAGE ||
		      e->len > f->size || e->offset > f->size - e->len ||
		      e->len != size || e->flags & ~KSHM_EXPORT_CLOEXEC))
		report_bug("KSHM_IOC_EXPORT of %llu bytes at %llu gives %llu",
			   e->len, e->offset, size);
	dmabuf_sync(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, dmabuf, size - PAGE);
	if (p != MAP_FAILED) {
		(void)__atomic_load_n(p, __ATOMIC_RELAXED);
		munmap(p, PAGE);
	}
	dmabuf_sync(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	close(dmabuf);
}

/*
 * slot, number, kind of argument, argument or the first 4 words there; the
 * descriptor of EVENTFD is the fourth; EXPORT has its offset there and its length
 * in the third
 */
void call_ioctl(const struct call *c)
{
	/* Inputs count on the first four. */
	static const unsigned int cmds[] = {
		KSHM_IOC_INFO, KSHM_IOC_INFO, KSHM_IOC_INFO, KSHM_IOC_INFO,
		KSHM_IOC_NOTIFY, KSHM_IOC_EVENTS, KSHM_IOC_EVENTFD,
		KSHM_IOC_EXPORT,
		KSHM_IOC_SYNC,
	};
	const struct device_file *f = file_get(c->v[0]);
	unsigned long arg = (unsigned long)scratch;
	unsigned int cmd = cmds[c->v[1] % ARRAY_SIZE(cmds)];
	struct kshm_info *i = (struct kshm_info *)scratch;
	__u64 len = sizeof(*i);
	int ret;

	if (!f)
		return;
	memset(scratch, 0, sizeof(*i));
	if (c->v[1] >= ARRAY_SIZE(cmds))
		cmd = c->v[1];
	if (cmd == KSHM_IOC_EVENTS)
		len = sizeof(struct kshm_events);
	else if (cmd == KSHM_IOC_EVENTFD)
		len = sizeof(struct kshm_eventfd);
	else if (cmd == KSHM_IOC_EXPORT)
		len = sizeof(struct kshm_export);
	else if (cmd == KSHM_IOC_SYNC)
		len = sizeof(struct kshm_sync);
	i->struct_size = len + c->v[3];
	i->flags = c->v[4];
	i->reserved = c->v[5];
	i->size = c->v[6];
	if (cmd == KSHM_IOC_EXPORT)
		((struct kshm_export *)scratch)->len = c->v[5];
	/* length and direction of SYNC */
	if (cmd == KSHM_IOC_SYNC) {
		i->phys_addr = c->v[5];
		i->folio_size = 1 + (c->v[1] >> 8) % 2;
		i->reserved = 0;
	}
	if (c->v[2] & 8)
		arg = c->v[3];
	else if (c->v[2] & 7)
		arg = (unsigned long)scratch_get(c->v[2], &len);
	ret = ioctl(f->fd, cmd, arg);
	if (cmd == KSHM_IOC_EXPORT && ret >= 0) {
		use_dmabuf(f, ret, arg == (unsigned long)scratch);
		return;
	}
	if (!ret && cmd == KSHM_IOC_SYNC && arg == (unsigned long)scratch &&
	    (c->v[5] > f->size || c->v[6] > f->size - c->v[5]))
		report_bug("KSHM_IOC_SYNC accepts bytes outside of the buffer");
	if (ret || cmd != KSHM_IOC_INFO || f->flags & O_PATH)
		return;
	if (arg == (unsigned long)scratch &&
	    (i->size != f->size || i->struct_size != sizeof(*i) || i->flags ||
	     !memchr(i->name, 0, sizeof(i->name))))
		report_bug("KSHM_IOC_INFO returns wrong values");
	if (arg == (unsigned long)scratch && (c->v[4] || c->v[5]) &&
	    ((__u32)c->v[4] || (__u32)c->v[5]))
		report_bug("KSHM_IOC_INFO accepts flags");
}

/* Number of bytes from an offset to the end, at most len. */
static __u64 there(const struct device_file *f, __u64 pos, __u64 len)
{
	if (pos >= f->size)
		return 0;
	return len < f->size - pos ? len : f->size - pos;
}

static ssize_t do_read(const struct device_file *f, unsigned int how,
		       char *to, __u64 len, __u64 pos, __u64 flags)
{
	struct iovec v[2] = { { to, len / 2 }, { to + len / 2, len - len / 2 } };
	ssize_t ret;

	switch (how & 3) {
	case 0:
		return pread(f->fd, to, len, pos);
	case 1:
		return preadv(f->fd, v, 2, pos);
	case 2:
		ret = preadv2(f->fd, v, 2, pos, flags);
		/* -1 means the file position, which is not tracked. */
		return pos == ~0ULL ? -1 : ret;
	default:
		if (lseek(f->fd, pos, SEEK_SET) < 0)
			return -1;
		return how & 4 ? readv(f->fd, v, 2) : read(f->fd, to, len);
	}
}

/* slot, offset, length, how, kind of address, flags */
void call_read(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]);
	__u64 pos = c->v[1], len = c->v[2] ? c->v[2] : PAGE, want;
	char *to = scratch_get(c->v[4], &len);
	static const __u64 guard = 0x6775617264677561;
	ssize_t ret;

	if (!f)
		return;
	want = there(f, pos, len);
	if (to == scratch)
		memcpy(to + want, &guard, sizeof(guard));
	ret = do_read(f, c->v[3], to, len, pos, c->v[5]);
	if (ret < 0)
		return;
	if ((__u64)ret > want || (to == scratch && (__u64)ret != want))
		report_bug("%zd bytes read at %llu, want %llu", ret, pos,
			   want);
	if (to == scratch && memcmp(to + want, &guard, sizeof(guard)))
		report_bug("read stores more bytes than it returns");
}

static ssize_t do_write(const struct device_file *f, unsigned int how,
			char *from, __u64 len, __u64 pos, __u64 flags)
{
	struct iovec v[2] = { { from, len / 2 },
			      { from + len / 2, len - len / 2 } };
	ssize_t ret;

	switch (how & 3) {
	case 0:
		return pwrite(f->fd, from, len, pos);
	case 1:
		return pwritev(f->fd, v, 2, pos);
	case 2:
		ret = pwritev2(f->fd, v, 2, pos, flags);
		/* -1 means the file position, which is not tracked. */
		return pos == ~0ULL ? -1 : ret;
	default:
		if (lseek(f->fd, pos, SEEK_SET) < 0)
			return -1;
		return how & 4 ? writev(f->fd, v, 2) : write(f->fd, from, len);
	}
}

/* slot, offset, length, how, kind of address, flags, byte */
void call_write(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]);
	__u64 pos = c->v[1], len = c->v[2] ? c->v[2] : PAGE, want;
	char *from = scratch_get(c->v[4], &len);
	ssize_t ret;
	char back;

	if (!f)
		return;
	/* Not zero, so that it can be told from a new buffer. */
	if (from == scratch)
		memset(from, c->v[6] | 1, len);
	want = there(f, pos, len);
	ret = do_write(f, c->v[3], from, len, pos, c->v[5]);
	if (ret < 0)
		return;
	if ((__u64)ret > want || (from == scratch && (__u64)ret != want))
		report_bug("%zd bytes written at %llu, want %llu", ret, pos,
			   want);
	if (ret && from == scratch && (f->flags & O_ACCMODE) == O_RDWR &&
	    (pread(f->fd, &back, 1, pos + ret - 1) != 1 ||
	     back != from[ret - 1]))
		report_bug("bytes written at %llu are not in the buffer", pos);
}

/* slot, offset, whence */
void call_lseek(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]);
	off_t ret;

	if (!f)
		return;
	ret = lseek(f->fd, c->v[1], c->v[2]);
	if (ret < -1 || ret > (off_t)f->size)
		report_bug("lseek to %lld in a buffer of %llu bytes", (long long)ret, f->size);
}

/* slot, offset, length, how, other slot, other offset */
void call_splice(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]), *to = file_get(c->v[4]);
	off_t pos = c->v[1], other = c->v[5];
	size_t len = c->v[2] ? c->v[2] : PAGE;
	unsigned int flags = SPLICE_F_NONBLOCK;
	ssize_t ret = 0;

	if (!f || !have_pipe())
		return;
	switch (c->v[3] & 7) {
	case 0:
		ret = splice(f->fd, &pos, pipe_fds[1], NULL, len, flags);
		break;
	case 1:
		ret = splice(pipe_fds[0], NULL, f->fd, &pos, len, flags);
		break;
	case 2:
		splice(f->fd, &pos, pipe_fds[1], NULL, len, flags);
		splice(pipe_fds[0], NULL, to->fd, &other, len, flags);
		break;
	case 3:
		ret = sendfile(pipe_fds[1], f->fd, &pos, len);
		break;
	case 4:
		sendfile(to->fd, f->fd, &pos, len);
		break;
	case 5:
		copy_file_range(f->fd, &pos, to->fd, &other, len, 0);
		break;
	case 6:
		ret = splice(f->fd, NULL, pipe_fds[1], NULL, len, flags);
		break;
	case 7:
		ret = splice(pipe_fds[0], NULL, f->fd, NULL, len, flags);
		break;
	}
	if (ret > 0 && (__u64)ret > f->size)
		report_bug("%zd bytes spliced, the buffer has %llu", ret, f->size);
}

/* slot, how, offset, length */
void call_sync(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]);
	struct stat st;

	if (!f)
		return;
	switch (c->v[1] % 8) {
	case 0:
		if (fsync(f->fd) && !(f->flags & O_PATH))
			report_bug("fsync fails");
		break;
	case 1:
		fdatasync(f->fd);
		break;
	case 2:
		sync_file_range(f->fd, c->v[2], c->v[3], 7);
		break;
	case 3:
		if (!ftruncate(f->fd, c->v[2]))
			report_bug("ftruncate succeeds");
		break;
	case 4:
		fallocate(f->fd, c->v[3], c->v[2], PAGE);
		break;
	case 5:
		posix_fadvise(f->fd, c->v[2], PAGE, c->v[3]);
		break;
	case 6:
		fstat(f->fd, &st);
		break;
	case 7:
		flock(f->fd, c->v[2] | LOCK_NB);
		break;
	}
}

/* slot, events */
void call_poll(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]);
	struct pollfd p = { .events = c->v[1] };

	if (!f)
		return;
	p.fd = f->fd;
	if (poll(&p, 1, 0) < 0)
		return;
	/* A device is always ready for what was asked, and never in error. */
	if (!(f->flags & O_PATH) && p.revents != (p.events & READY))
		report_bug("poll for %#x returns %#x", p.events, p.revents);
}
