// SPDX-License-Identifier: GPL-2.0-only
/* Calls on open devices, mmap apart, and whether what they return can be. */
#include "fuzz.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#define FILES	4

static struct device_file files[FILES] = {
	{ .fd = -1 }, { .fd = -1 }, { .fd = -1 }, { .fd = -1 },
};

static int pipe_fds[2] = { -1, -1 };

/**
 * file_get() - an open device
 * @slot: which
 *
 * Return: the one in the slot, or another that is open, or NULL.
 */
const struct device_file *file_get(__u64 slot)
{
	unsigned int i;

	for (i = 0; i < FILES; i++) {
		const struct device_file *f = &files[(slot + i) % FILES];

		if (f->fd >= 0) {
			aimed = true;
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
 * files_close() - close what the program left open
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
	aimed = true;
	f->fd = open(path, flags | O_CLOEXEC);
	if (f->fd < 0)
		return;
	f->flags = flags;
	f->size = 0;
	if (!ioctl(f->fd, KSHM_IOC_INFO, &i))
		f->size = i.size;
	else if (!(flags & O_PATH))
		complain("%s: no KSHM_IOC_INFO", path);
}

/* slot */
void call_close(const struct call *c)
{
	struct device_file *f = &files[c->v[0] % FILES];

	aimed = f->fd >= 0;
	close_file(f);
}

/* slot, number, kind of argument, argument or the first 4 words there */
void call_ioctl(const struct call *c)
{
	const struct device_file *f = file_get(c->v[0]);
	unsigned long arg = (unsigned long)scratch;
	unsigned int cmd = c->v[1];
	struct kshm_info *i = (struct kshm_info *)scratch;
	__u64 len = sizeof(*i);
	int ret;

	if (!f)
		return;
	memset(scratch, 0, sizeof(*i));
	i->struct_size = sizeof(*i) + c->v[3];
	i->flags = c->v[4];
	i->reserved = c->v[5];
	i->size = c->v[6];
	if (c->v[1] < 4)
		cmd = KSHM_IOC_INFO;
	if (c->v[2] & 8)
		arg = c->v[3];
	else if (c->v[2] & 7)
		arg = (unsigned long)scratch_get(c->v[2], &len);
	ret = ioctl(f->fd, cmd, arg);
	if (ret || cmd != KSHM_IOC_INFO || f->flags & O_PATH)
		return;
	if (arg == (unsigned long)scratch &&
	    (i->size != f->size || i->struct_size != sizeof(*i) || i->flags ||
	     !memchr(i->name, 0, sizeof(i->name))))
		complain("KSHM_IOC_INFO says nonsense");
	if (arg == (unsigned long)scratch && (c->v[4] || c->v[5]) &&
	    ((__u32)c->v[4] || (__u32)c->v[5]))
		complain("KSHM_IOC_INFO takes flags");
}

/* How many bytes there are from an offset on, at most len. */
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
		/* -1 stands for the file's own offset, which nobody knows */
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
		complain("%zd bytes read at %llu, %llu are there", ret, pos,
			 want);
	if (to == scratch && memcmp(to + want, &guard, sizeof(guard)))
		complain("more was read than it says");
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
		/* -1 stands for the file's own offset, which nobody knows */
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
	/* never zero, so that it shows where it must not be */
	if (from == scratch)
		memset(from, c->v[6] | 1, len);
	want = there(f, pos, len);
	ret = do_write(f, c->v[3], from, len, pos, c->v[5]);
	if (ret < 0)
		return;
	if ((__u64)ret > want || (from == scratch && (__u64)ret != want))
		complain("%zd bytes written at %llu, %llu are there", ret, pos,
			 want);
	if (ret && from == scratch && (f->flags & O_ACCMODE) == O_RDWR &&
	    (pread(f->fd, &back, 1, pos + ret - 1) != 1 ||
	     back != from[ret - 1]))
		complain("what was written at %llu is not there", pos);
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
		complain("lseek to %lld of %llu bytes", (long long)ret, f->size);
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
		complain("%zd bytes spliced of %llu", ret, f->size);
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
			complain("fsync");
		break;
	case 1:
		fdatasync(f->fd);
		break;
	case 2:
		sync_file_range(f->fd, c->v[2], c->v[3], 7);
		break;
	case 3:
		if (!ftruncate(f->fd, c->v[2]))
			complain("ftruncate");
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
	poll(&p, 1, 0);
}
