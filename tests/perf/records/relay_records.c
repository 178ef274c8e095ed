// SPDX-License-Identifier: GPL-2.0-only
/*
 * For comparison only: a thread sends records to a program through a channel of
 * relay, as fast as the program takes them. The file is relay_records0 in
 * debugfs.
 *
 * relay has no lock between the two. A read() at the moment in which the writer
 * goes on to the next sub-buffer can return that one before it is written, or,
 * when all are full, leave one out. So read() is given complete sub-buffers
 * only, and the thread always leaves one free: it sleeps until the program has
 * read. What relay drops nevertheless is counted and written again.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/relay.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "record.h"

#define SUBBUF	(BATCH * sizeof(struct stream_record))
#define SUBBUFS	(ROOM / SUBBUF)

static unsigned long refused;
module_param(refused, ulong, 0444);
MODULE_PARM_DESC(refused, "Records that were dropped and written again (read only)");

static struct rchan *records_chan;
static struct rchan_buf *records_buf;	/* one for all processors */
static struct task_struct *records_task;
static DECLARE_WAIT_QUEUE_HEAD(records_wait);

/* Sub-buffers that are complete and not read. */
static size_t records_filled(void)
{
	return READ_ONCE(records_buf->subbufs_produced) -
	       READ_ONCE(records_buf->subbufs_consumed);
}

/*
 * The file's operations are those of relay, but for read(): relay wakes readers,
 * and does not tell the writer that there is room.
 */
static int records_open(struct inode *inode, struct file *file)
{
	return relay_file_operations.open(inode, file);
}

static ssize_t records_read(struct file *file, char __user *to, size_t count,
			    loff_t *pos)
{
	ssize_t n = 0;

	if (records_filled())
		n = relay_file_operations.read(file, to, min(count, SUBBUF),
					       pos);
	if (n > 0 && wq_has_sleeper(&records_wait))
		wake_up(&records_wait);
	return n;
}

static __poll_t records_poll(struct file *file, poll_table *table)
{
	return relay_file_operations.poll(file, table);
}

static int records_release(struct inode *inode, struct file *file)
{
	return relay_file_operations.release(inode, file);
}

static const struct file_operations records_fops = {
	.owner = THIS_MODULE,
	.open = records_open,
	.read = records_read,
	.poll = records_poll,
	.release = records_release,
};

static struct dentry *records_create_file(const char *name,
					  struct dentry *parent, umode_t mode,
					  struct rchan_buf *buf, int *is_global)
{
	*is_global = 1;
	records_buf = buf;
	return debugfs_create_file(name, mode, parent, buf, &records_fops);
}

static int records_remove_file(struct dentry *dentry)
{
	debugfs_remove(dentry);
	return 0;
}

/* Without subbuf_start() relay drops what does not fit. */
static const struct rchan_callbacks records_callbacks = {
	.create_buf_file = records_create_file,
	.remove_buf_file = records_remove_file,
};

/* False when it was dropped. */
static bool records_write(u64 number)
{
	struct stream_record record;

	record_fill(&record, number);
	relay_write(records_chan, &record, sizeof(record));
	/* That is how relay marks a full channel. */
	return records_buf->offset <= records_chan->subbuf_size;
}

static int records_thread(void *unused)
{
	u64 number = 0;

	while (!kthread_should_stop()) {
		int i;

		for (i = 0; i < BATCH; i++) {
			if (records_write(number))
				number++;
			else
				refused++;
		}
		cond_resched();
		/* The next record completes one more, and begins another. */
		wait_event_interruptible(records_wait,
					 records_filled() + 2 < SUBBUFS ||
					 kthread_should_stop());
	}
	return 0;
}

static int __init records_init(void)
{
	records_chan = relay_open(KBUILD_MODNAME, NULL, SUBBUF, SUBBUFS,
				  &records_callbacks, NULL);
	if (!records_chan)
		return -ENOMEM;
	records_task = kthread_run(records_thread, NULL, "relay_records");
	if (IS_ERR(records_task)) {
		relay_close(records_chan);
		return PTR_ERR(records_task);
	}
	return 0;
}
module_init(records_init);

static void __exit records_exit(void)
{
	kthread_stop(records_task);
	relay_close(records_chan);
}
module_exit(records_exit);

MODULE_DESCRIPTION("Records to a program through relay, to compare with kshm");
MODULE_LICENSE("GPL");
