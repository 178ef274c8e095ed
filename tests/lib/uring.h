/* SPDX-License-Identifier: GPL-2.0-only */
/* io_uring without a library: one request at a time. */
#ifndef URING_H
#define URING_H

#include <linux/io_uring.h>

#include "base.h"
#include "device.h"

struct uring {
	int fd;
	__u32 *sq_tail, *sq_mask, *sq_array;
	__u32 *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

/* False, with errno, where the kernel does not offer it. */
static inline bool uring_open(struct uring *u)
{
	struct io_uring_params p = { 0 };
	size_t sq_size, cq_size;
	char *sq, *cq;

	u->fd = syscall(SYS_io_uring_setup, 4, &p);
	if (u->fd < 0)
		return false;
	sq_size = p.sq_off.array + p.sq_entries * sizeof(__u32);
	cq_size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	sq = map(u->fd, sq_size, IORING_OFF_SQ_RING);
	cq = map(u->fd, cq_size, IORING_OFF_CQ_RING);
	u->sqes = map(u->fd, p.sq_entries * sizeof(struct io_uring_sqe),
		      IORING_OFF_SQES);
	u->sq_tail = (__u32 *)(sq + p.sq_off.tail);
	u->sq_mask = (__u32 *)(sq + p.sq_off.ring_mask);
	u->sq_array = (__u32 *)(sq + p.sq_off.array);
	u->cq_head = (__u32 *)(cq + p.cq_off.head);
	u->cq_tail = (__u32 *)(cq + p.cq_off.tail);
	u->cq_mask = (__u32 *)(cq + p.cq_off.ring_mask);
	u->cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	return true;
}

/* The result of one request: a count or a negative errno. */
static inline int uring_do(struct uring *u, int op, int file, void *addr,
			   size_t len, __u64 off)
{
	__u32 slot = *u->sq_tail & *u->sq_mask, head;
	struct io_uring_sqe *sqe = &u->sqes[slot];
	int res;

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = op;
	sqe->fd = file;
	sqe->addr = (uintptr_t)addr;
	sqe->len = len;
	sqe->off = off;
	u->sq_array[slot] = slot;
	__atomic_store_n(u->sq_tail, *u->sq_tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, u->fd, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		bail("io_uring_enter");
	/*
	 * The kernel's worker threads may interrupt the wait. The call then
	 * returns what it submitted, or EINTR when that was nothing.
	 */
	head = *u->cq_head;
	while (head == __atomic_load_n(u->cq_tail, __ATOMIC_ACQUIRE))
		if (syscall(SYS_io_uring_enter, u->fd, 0, 1,
			    IORING_ENTER_GETEVENTS, NULL, 0) < 0 &&
		    errno != EINTR)
			bail("io_uring_enter to wait");
	res = u->cqes[head & *u->cq_mask].res;
	__atomic_store_n(u->cq_head, head + 1, __ATOMIC_RELEASE);
	return res;
}

#endif /* URING_H */
