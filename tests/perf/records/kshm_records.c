// SPDX-License-Identifier: GPL-2.0-only
/*
 * For comparison only: a thread sends records to a program through a ring in a
 * buffer of kshm, as fast as the program takes them. The sample kshm_stream.c
 * does this too, but also takes each record back.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kshm.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "record.h"

static struct kshm_buffer *records_buf;
static struct task_struct *records_task;
static DECLARE_WAIT_QUEUE_HEAD(records_wait);

/* Used by the thread alone. */
static struct kshm_ring_end records_end;

static bool records_have_room(void)
{
	kshm_ring_wait_room(&records_end);
	return kshm_ring_room(&records_end) || kthread_should_stop();
}

static int records_thread(void *unused)
{
	u64 number = 0;

	while (!kthread_should_stop()) {
		int i, nr = min(kshm_ring_room(&records_end), BATCH);

		if (nr < 0) {
			pr_err("the program has broken the ring\n");
			break;
		}
		for (i = 0; i < nr; i++) {
			record_fill(kshm_ring_record(&records_end), number++);
			kshm_ring_put(&records_end);
		}
		if (nr && kshm_ring_must_wake_consumer(&records_end))
			kshm_notify(records_buf);
		if (nr)
			cond_resched();
		else
			wait_event_interruptible(records_wait,
						 records_have_room());
	}
	/* kthread_stop() wants to find the thread. */
	wait_event_interruptible(records_wait, kthread_should_stop());
	return 0;
}

/* The program has taken records from a full ring. */
static int records_rung(struct notifier_block *nb, unsigned long action,
			void *data)
{
	wake_up(&records_wait);
	return NOTIFY_OK;
}

static struct notifier_block records_nb = {
	.notifier_call = records_rung,
};

static int __init records_init(void)
{
	int err;

	records_buf = kshm_create("records:128K");
	if (IS_ERR(records_buf))
		return PTR_ERR(records_buf);
	kshm_ring_init(&records_end, kshm_vaddr(records_buf),
		       ROOM / sizeof(struct stream_record),
		       sizeof(struct stream_record), 0);
	err = kshm_register_notifier(records_buf, &records_nb);
	if (err)
		goto err_destroy;
	records_task = kthread_run(records_thread, NULL, "kshm_records");
	if (IS_ERR(records_task)) {
		err = PTR_ERR(records_task);
		goto err_unregister;
	}
	return 0;

err_unregister:
	kshm_unregister_notifier(records_buf, &records_nb);
err_destroy:
	kshm_destroy(records_buf);
	return err;
}
module_init(records_init);

static void __exit records_exit(void)
{
	kthread_stop(records_task);
	kshm_unregister_notifier(records_buf, &records_nb);
	kshm_destroy(records_buf);
}
module_exit(records_exit);

MODULE_DESCRIPTION("Records to a program through a kshm buffer, to compare with relay");
MODULE_LICENSE("GPL");
