// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel module that uses linux/kshm.h as a test tells it: what is written to
 * the parameter "do" is done, and the errno is that of the write.
 *
 *	create SPEC, find NAME	there is no buffer yet
 *	destroy, put		there is one
 *	forget			do not give the buffer back
 *	recall NAME		take over a buffer that was created and forgotten,
 *				and destroy it
 *	listen, ignore		register and unregister a notifier
 *	answer			have the notifier ring back
 *	notify, irq		ring, in process and in interrupt context
 *	fill C			write a character to all of the buffer
 *	verify			EIO when address and pages do not go together
 */
#include <linux/err.h>
#include <linux/completion.h>
#include <linux/io.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kshm.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/string.h>

static struct kshm_buffer *client_buf;
static bool client_answers;

static int heard;
module_param(heard, int, 0444);

static int client_rung(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	if (data == client_buf && !action)
		heard++;
	if (client_answers)
		kshm_notify(data);
	return NOTIFY_OK;
}

static struct notifier_block client_nb = {
	.notifier_call = client_rung,
};

static DECLARE_COMPLETION(client_irq_done);

static void client_irq(struct irq_work *work)
{
	kshm_notify(client_buf);
	complete(&client_irq_done);
}

static DEFINE_IRQ_WORK(client_irq_work, client_irq);

/* The carveout has no pages, all other buffers have those of their addresses. */
static int client_verify(void)
{
	u64 i, nr = kshm_size(client_buf) >> PAGE_SHIFT;
	bool carveout = !kshm_page(client_buf, 0);

	if (kshm_page(client_buf, nr) || kshm_page(client_buf, ULONG_MAX))
		return -EIO;
	for (i = 0; i < nr; i++) {
		struct page *page = kshm_page(client_buf, i);

		if (carveout != !page)
			return -EIO;
		if (page &&
		    (page_to_phys(page) != kshm_phys_addr(client_buf) + i * PAGE_SIZE ||
		     page_address(page) != kshm_vaddr(client_buf) + i * PAGE_SIZE))
			return -EIO;
	}
	return 0;
}

static int client_take(struct kshm_buffer *buf)
{
	if (!buf)
		return -ENOENT;
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	client_buf = buf;
	return 0;
}

static int client_recall(const char *name)
{
	int err = client_take(kshm_find(name));

	if (err)
		return err;
	kshm_put(client_buf);
	kshm_destroy(client_buf);
	client_buf = NULL;
	return 0;
}

static int client_use(const char *what, const char *arg)
{
	if (!client_buf)
		return -ENXIO;
	if (!strcmp(what, "destroy")) {
		kshm_destroy(client_buf);
		client_buf = NULL;
	} else if (!strcmp(what, "put")) {
		kshm_put(client_buf);
		client_buf = NULL;
	} else if (!strcmp(what, "forget")) {
		client_buf = NULL;
	} else if (!strcmp(what, "listen")) {
		return kshm_register_notifier(client_buf, &client_nb);
	} else if (!strcmp(what, "ignore")) {
		return kshm_unregister_notifier(client_buf, &client_nb);
	} else if (!strcmp(what, "answer")) {
		client_answers = true;
	} else if (!strcmp(what, "notify")) {
		kshm_notify(client_buf);
	} else if (!strcmp(what, "irq")) {
		irq_work_queue(&client_irq_work);
		wait_for_completion(&client_irq_done);
	} else if (!strcmp(what, "fill")) {
		memset(kshm_vaddr(client_buf), arg[0], kshm_size(client_buf));
	} else if (!strcmp(what, "verify")) {
		return client_verify();
	} else {
		return -EINVAL;
	}
	return 0;
}

static int client_do(const char *text, const struct kernel_param *param)
{
	char *copy = kstrdup(text, GFP_KERNEL), *arg, *what;
	int err;

	if (!copy)
		return -ENOMEM;
	arg = strim(copy);
	what = strsep(&arg, " ");
	if (!arg)
		arg = "";
	if (!strcmp(what, "create"))
		err = client_buf ? -EBUSY : client_take(kshm_create(arg));
	else if (!strcmp(what, "find"))
		err = client_buf ? -EBUSY : client_take(kshm_find(arg));
	else if (!strcmp(what, "recall"))
		err = client_buf ? -EBUSY : client_recall(arg);
	else
		err = client_use(what, arg);
	kfree(copy);
	return err;
}

static const struct kernel_param_ops client_do_ops = {
	.set = client_do,
};
module_param_cb(do, &client_do_ops, NULL, 0200);

/* "NAME SIZE" of the buffer */
static int client_show(char *text, const struct kernel_param *param)
{
	if (!client_buf)
		return sprintf(text, "none\n");
	return sprintf(text, "%s %llu\n", kshm_name(client_buf),
		       kshm_size(client_buf));
}

static const struct kernel_param_ops client_show_ops = {
	.get = client_show,
};
module_param_cb(buffer, &client_show_ops, NULL, 0444);

static int __init client_init(void)
{
	return 0;
}
module_init(client_init);

static void __exit client_exit(void)
{
}
module_exit(client_exit);

MODULE_DESCRIPTION("Uses linux/kshm.h as a test tells it");
MODULE_LICENSE("GPL");
