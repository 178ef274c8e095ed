/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * A ring of records in shared memory, for one producer and one consumer. The
 * kernel and programs include this file, also 32-bit programs on a 64-bit
 * kernel: all fields have 32 bits, and everything has the same place for all.
 *
 * Layout, bytes from the start of the ring, which is aligned to 64:
 *
 *	  0	head		records ever put, modulo 2^32; the producer writes it
 *	  4	producer_waits	1: the producer sleeps until there is room
 *	 64	tail		records ever taken; the consumer writes it
 *	 68	consumer_waits	1: the consumer sleeps until there is a record
 *	128	the records, record N at (N mod their number) times their size
 *
 * head and tail are in different cache lines, so that the two sides do not take
 * them from each other more often than they must.
 *
 * Order. The producer writes a record, then head (release); the consumer reads
 * head (acquire), then the record. In the same way the consumer reads a record,
 * then writes tail (release), and the producer reads tail (acquire) before it
 * writes to the place again.
 *
 * Sleeping. A side that finds nothing to do sets its waits flag, has a full
 * barrier, and looks again; only when there is still nothing it sleeps. The other
 * side moves its index, has a full barrier, and looks at the flag. So at least
 * one of them sees what the other has written, and no wake-up is lost. Who sees
 * the flag clears it and rings the doorbell: while both sides are busy nobody
 * rings.
 *
 * Trust. Each side keeps its own index, and the number and size of the records,
 * in memory of its own. What it reads from the ring it checks: an index that
 * cannot be is an error, never an address.
 */
#ifndef KSHM_RING_H
#define KSHM_RING_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <asm/barrier.h>
#include <linux/compiler.h>

/* "Order" above explains these, "Sleeping" those below. */
#define kshm_ring_load(p)	smp_load_acquire(p) /* pairs with the store */
#define kshm_ring_store(p, v)	smp_store_release(p, v) /* and this with the load */
#define kshm_ring_flag(p)	READ_ONCE(*(p))
#define kshm_ring_set_flag(p, v) WRITE_ONCE(*(p), v)
#define kshm_ring_barrier()	smp_mb() /* pairs with that of the other side */
#else
#include <stdbool.h>
#include <stddef.h>

#define kshm_ring_load(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define kshm_ring_store(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define kshm_ring_flag(p)	__atomic_load_n(p, __ATOMIC_RELAXED)
#define kshm_ring_set_flag(p, v) __atomic_store_n(p, v, __ATOMIC_RELAXED)
#define kshm_ring_barrier()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif

/**
 * struct kshm_ring - what is in the shared memory, before the records
 * @head:	    records ever put
 * @producer_waits: the producer sleeps until there is room
 * @pad0:	    for the cache line
 * @tail:	    records ever taken
 * @consumer_waits: the consumer sleeps until there is a record
 * @pad1:	    for the cache line
 */
struct kshm_ring {
	__u32 head;
	__u32 producer_waits;
	__u32 pad0[14];
	__u32 tail;
	__u32 consumer_waits;
	__u32 pad1[14];
};

/**
 * struct kshm_ring_end - what one side knows of a ring, in its own memory
 * @ring:  the shared memory
 * @index: head or tail, as this side has it
 * @nr:	   number of records, a power of two
 * @size:  of a record, bytes
 */
struct kshm_ring_end {
	struct kshm_ring *ring;
	__u32 index;
	__u32 nr;
	__u32 size;
};

/**
 * kshm_ring_init() - begin to use a ring
 * @end:   result
 * @ring:  the shared memory
 * @nr:	   number of records, a power of two
 * @size:  of a record, bytes
 * @index: where this side goes on; 0 in a new buffer
 */
static inline void kshm_ring_init(struct kshm_ring_end *end, void *ring,
				  __u32 nr, __u32 size, __u32 index)
{
	end->ring = (struct kshm_ring *)ring;
	end->nr = nr;
	end->size = size;
	end->index = index;
}

/**
 * kshm_ring_record() - the place of the next record to put or to take
 * @end: one side of a ring
 *
 * Return: its address.
 */
static inline void *kshm_ring_record(const struct kshm_ring_end *end)
{
	return (char *)(end->ring + 1) +
	       (size_t)(end->index & (end->nr - 1)) * end->size;
}

/**
 * kshm_ring_room() - for the producer: how many records it can put
 * @end: its side
 *
 * Return: the number, negative when the consumer's index cannot be.
 */
static inline int kshm_ring_room(const struct kshm_ring_end *end)
{
	__u32 used = end->index - kshm_ring_load(&end->ring->tail);

	return used > end->nr ? -1 : (int)(end->nr - used);
}

/**
 * kshm_ring_filled() - for the consumer: how many records it can take
 * @end: its side
 *
 * Return: the number, negative when the producer's index cannot be.
 */
static inline int kshm_ring_filled(const struct kshm_ring_end *end)
{
	__u32 filled = kshm_ring_load(&end->ring->head) - end->index;

	return filled > end->nr ? -1 : (int)filled;
}

/**
 * kshm_ring_put() - the record at kshm_ring_record() is written
 * @end: the producer's side
 */
static inline void kshm_ring_put(struct kshm_ring_end *end)
{
	kshm_ring_store(&end->ring->head, ++end->index);
}

/**
 * kshm_ring_take() - the record at kshm_ring_record() is read
 * @end: the consumer's side
 */
static inline void kshm_ring_take(struct kshm_ring_end *end)
{
	kshm_ring_store(&end->ring->tail, ++end->index);
}

static inline bool kshm_ring_clear(__u32 *waits)
{
	kshm_ring_barrier();
	if (!kshm_ring_flag(waits))
		return false;
	kshm_ring_set_flag(waits, 0);
	return true;
}

/**
 * kshm_ring_must_wake_consumer() - whether the producer must ring the doorbell
 * @end: the producer's side
 *
 * To be called after one kshm_ring_put() or several.
 *
 * Return: true when the consumer sleeps.
 */
static inline bool kshm_ring_must_wake_consumer(struct kshm_ring_end *end)
{
	return kshm_ring_clear(&end->ring->consumer_waits);
}

/**
 * kshm_ring_must_wake_producer() - whether the consumer must ring the doorbell
 * @end: the consumer's side
 *
 * To be called after one kshm_ring_take() or several.
 *
 * Return: true when the producer sleeps.
 */
static inline bool kshm_ring_must_wake_producer(struct kshm_ring_end *end)
{
	return kshm_ring_clear(&end->ring->producer_waits);
}

static inline void kshm_ring_announce(__u32 *waits)
{
	kshm_ring_set_flag(waits, 1);
	kshm_ring_barrier();
}

/**
 * kshm_ring_wait_room() - for the producer: ask to be woken
 * @end: its side
 *
 * Look again after it, and sleep only if there still is no room.
 */
static inline void kshm_ring_wait_room(struct kshm_ring_end *end)
{
	kshm_ring_announce(&end->ring->producer_waits);
}

/**
 * kshm_ring_wait_record() - for the consumer: ask to be woken
 * @end: its side
 *
 * Look again after it, and sleep only if there still is no record.
 */
static inline void kshm_ring_wait_record(struct kshm_ring_end *end)
{
	kshm_ring_announce(&end->ring->consumer_waits);
}

#endif /* KSHM_RING_H */
