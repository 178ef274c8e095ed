// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sample: the smallest driver that shares a buffer with programs. A program
 * writes a string to the buffer and rings the doorbell; this module changes the
 * string to upper case and rings back. upper.c is the program.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kshm.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>

static struct kshm_buffer *upper_buf;

/*
 * Called in the context of the program that rings. It must not sleep; what takes
 * long belongs into a work item.
 */
static int upper_rung(struct notifier_block *nb, unsigned long action,
		      void *data)
{
	char *text = kshm_vaddr(upper_buf);
	size_t i;

	/* The string ends at its zero byte, or at the end of the first page. */
	for (i = 0; i < PAGE_SIZE; i++) {
		char c = READ_ONCE(text[i]);

		if (!c)
			break;
		WRITE_ONCE(text[i], toupper(c));
	}
	kshm_notify(upper_buf);
	return NOTIFY_OK;
}

static struct notifier_block upper_nb = {
	.notifier_call = upper_rung,
};

static int __init upper_init(void)
{
	int err;

	/* As in the module parameter buffers=; kshm_find() would take an existing one. */
	upper_buf = kshm_create("upper:64K");
	if (IS_ERR(upper_buf))
		return PTR_ERR(upper_buf);
	err = kshm_register_notifier(upper_buf, &upper_nb);
	if (err)
		kshm_destroy(upper_buf);
	return err;
}
module_init(upper_init);

static void __exit upper_exit(void)
{
	kshm_unregister_notifier(upper_buf, &upper_nb);
	kshm_destroy(upper_buf);
}
module_exit(upper_exit);

MODULE_DESCRIPTION("Sample: answer the doorbell of a kshm buffer");
MODULE_AUTHOR("kshm developers");
MODULE_LICENSE("GPL");
