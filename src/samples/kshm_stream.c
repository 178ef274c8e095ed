// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sample: a driver streams records to a program through a buffer of kshm, and
 * the program sends each of them back. In a real driver the records come from
 * hardware. stream.c is the program.
 *
 * The counters are in /sys/module/kshm_stream/parameters/.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kshm.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "stream.h"

/* Records between two looks at whether the program sleeps. */
#define STREAM_BATCH	64

static unsigned long sent;
module_param(sent, ulong, 0444);
MODULE_PARM_DESC(sent, "Records sent to the program (read only)");

static unsigned long returned;
module_param(returned, ulong, 0444);
MODULE_PARM_DESC(returned, "Records that came back (read only)");

static unsigned long errors;
module_param(errors, ulong, 0444);
MODULE_PARM_DESC(errors, "Records that came back out of order or damaged (read only)");

static unsigned long rings;
module_param(rings, ulong, 0444);
MODULE_PARM_DESC(rings, "How often the program was woken (read only)");

static struct kshm_buffer *stream_buf;
static struct task_struct *stream_task;
static DECLARE_WAIT_QUEUE_HEAD(stream_wait);

/* Used by the thread alone. */
static struct kshm_ring_end stream_down;
static struct kshm_ring_end stream_up;

/* Returns the number of records, or a negative one when the ring is broken. */
static int stream_send(void)
{
	int i, nr = min(kshm_ring_room(&stream_down), STREAM_BATCH);

	for (i = 0; i < nr; i++) {
		struct stream_record *record = kshm_ring_record(&stream_down);

		record->number = sent++;
		memset64(record->data, record->number, ARRAY_SIZE(record->data));
		record->sum = stream_sum(record);
		kshm_ring_put(&stream_down);
	}
	if (nr > 0 && kshm_ring_must_wake_consumer(&stream_down)) {
		rings++;
		kshm_notify(stream_buf);
	}
	return nr;
}

static int stream_receive(void)
{
	int i, nr = min(kshm_ring_filled(&stream_up), STREAM_BATCH);

	for (i = 0; i < nr; i++) {
		/* The program may write to it all the time, so check a copy. */
		struct stream_record record;

		memcpy(&record, kshm_ring_record(&stream_up), sizeof(record));
		kshm_ring_take(&stream_up);
		if (record.number != returned ||
		    record.sum != stream_sum(&record))
			errors++;
		returned++;
	}
	if (nr > 0 && kshm_ring_must_wake_producer(&stream_up)) {
		rings++;
		kshm_notify(stream_buf);
	}
	return nr;
}

static bool stream_has_work(void)
{
	kshm_ring_wait_room(&stream_down);
	kshm_ring_wait_record(&stream_up);
	return kshm_ring_room(&stream_down) || kshm_ring_filled(&stream_up) ||
	       kthread_should_stop();
}

static int stream_thread(void *unused)
{
	while (!kthread_should_stop()) {
		int down = stream_send();
		int up = stream_receive();

		if (down < 0 || up < 0) {
			pr_err("the program has broken a ring\n");
			break;
		}
		if (down || up)
			cond_resched();
		else
			wait_event_interruptible(stream_wait,
						 stream_has_work());
	}
	/* kthread_stop() wants to find the thread. */
	wait_event_interruptible(stream_wait, kthread_should_stop());
	return 0;
}

/* A program rings: it has taken records from a full ring, or put one. */
static int stream_rung(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	wake_up(&stream_wait);
	return NOTIFY_OK;
}

static struct notifier_block stream_nb = {
	.notifier_call = stream_rung,
};

static int __init stream_init(void)
{
	void *vaddr;
	int err;

	stream_buf = kshm_create(STREAM_NAME ":256K");
	if (IS_ERR(stream_buf))
		return PTR_ERR(stream_buf);
	BUILD_BUG_ON(STREAM_SIZE > 256 * 1024);

	/* The memory is zeroed: both rings are empty. */
	vaddr = kshm_vaddr(stream_buf);
	kshm_ring_init(&stream_down, vaddr + STREAM_DOWN_OFFSET, STREAM_RECORDS,
		       sizeof(struct stream_record), 0);
	kshm_ring_init(&stream_up, vaddr + STREAM_UP_OFFSET, STREAM_RECORDS,
		       sizeof(struct stream_record), 0);

	err = kshm_register_notifier(stream_buf, &stream_nb);
	if (err)
		goto err_destroy;
	stream_task = kthread_run(stream_thread, NULL, "kshm_stream");
	if (IS_ERR(stream_task)) {
		err = PTR_ERR(stream_task);
		goto err_unregister;
	}
	return 0;

err_unregister:
	kshm_unregister_notifier(stream_buf, &stream_nb);
err_destroy:
	kshm_destroy(stream_buf);
	return err;
}
module_init(stream_init);

static void __exit stream_exit(void)
{
	kthread_stop(stream_task);
	kshm_unregister_notifier(stream_buf, &stream_nb);
	kshm_destroy(stream_buf);
}
module_exit(stream_exit);

MODULE_DESCRIPTION("Sample: stream records to a program through a kshm buffer");
MODULE_AUTHOR("kshm developers");
MODULE_LICENSE("GPL");
