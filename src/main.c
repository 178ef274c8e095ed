// SPDX-License-Identifier: GPL-2.0-only
/*
 * kshm: physically contiguous memory shared between kernel, devices and
 * programs. Loading, unloading, module parameters.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "kshm.h"
#include "version.h"

/*
 * A charp parameter ends at 1,024 characters, which would not hold as many
 * buffers as there can be. The module's arguments stay as long as the module.
 */
static int kshm_buffers_set(const char *text, const struct kernel_param *param)
{
	*(const char **)param->arg = text;
	return 0;
}

static const struct kernel_param_ops kshm_buffers_ops = {
	.set = kshm_buffers_set,
	.get = param_get_charp,
};

static const char *buffers = "1M";
module_param_cb(buffers, &kshm_buffers_ops, &buffers, 0444);
MODULE_PARM_DESC(buffers,
		 "Buffers to make at load: [NAME:]SIZE[@PHYS],... with K, M, G; none for no buffer (default 1M)");

bool kshm_restrict_phys_addr;
module_param_named(restrict_phys_addr, kshm_restrict_phys_addr, bool, 0444);
MODULE_PARM_DESC(restrict_phys_addr,
		 "Show physical addresses to root only (default 0)");

static unsigned int log_at_unload;
module_param(log_at_unload, uint, 0444);
MODULE_PARM_DESC(log_at_unload,
		 "Log so many of a buffer's first bytes at unload, at most 4096 (default 0)");

static void kshm_put_all(struct kshm_buffer **bufs, int count)
{
	while (count--)
		kshm_buffer_put(bufs[count]);
}

/*
 * Make all buffers of the parameter first, which is what can fail for reasons
 * of the user's, then their devices. Returns 0 or an errno with nothing left.
 */
static int kshm_make_buffers(void)
{
	struct kshm_buffer **bufs;
	struct kshm_spec *specs;
	int count, made, added, err;

	count = kshm_param_count(buffers);
	if (count <= 0)
		return count;

	specs = kvcalloc(count, sizeof(*specs), GFP_KERNEL);
	bufs = kvcalloc(count, sizeof(*bufs), GFP_KERNEL);
	if (!specs || !bufs) {
		err = -ENOMEM;
		goto out;
	}

	err = kshm_param_parse(buffers, specs, count);
	if (err)
		goto out;

	for (made = 0; made < count; made++) {
		bufs[made] = kshm_buffer_create(&specs[made]);
		if (IS_ERR(bufs[made])) {
			err = PTR_ERR(bufs[made]);
			kshm_param_blame(buffers, made, err);
			kshm_put_all(bufs, made);
			goto out;
		}
	}

	/* Each device takes a reference of its own. */
	for (added = 0; added < count; added++) {
		err = kshm_device_add(bufs[added]);
		if (err < 0) {
			while (added--)
				kshm_device_remove(added);
			break;
		}
		err = 0;
	}
	kshm_put_all(bufs, count);
out:
	kvfree(bufs);
	kvfree(specs);
	return err;
}

static int __init kshm_init(void)
{
	int err;

	err = kshm_take_init();
	if (err)
		return err;
	err = kshm_buffers_init();
	if (err)
		goto err_take;
	err = kshm_devices_init();
	if (err)
		goto err_buffers;
	err = kshm_make_buffers();
	if (err)
		goto err_devices;
	err = kshm_configfs_init();
	if (err)
		goto err_devices;
	/*
	 * Last, because nothing can take back what a program has open, nor what
	 * root has made in configfs: from here on loading does not fail.
	 */
	err = kshm_devices_open();
	if (err)
		goto err_configfs;
	kshm_configfs_open();
	return 0;

err_configfs:
	kshm_configfs_exit();
err_devices:
	kshm_devices_exit(0);
err_buffers:
	kshm_buffers_exit();
err_take:
	kshm_take_exit();
	return err;
}
module_init(kshm_init);

static void __exit kshm_exit(void)
{
	kshm_configfs_exit();
	kshm_devices_exit(log_at_unload);
	kshm_buffers_exit();
	kshm_take_exit();
}
module_exit(kshm_exit);

MODULE_DESCRIPTION("Physically contiguous memory shared between kernel, devices and programs");
MODULE_VERSION(KSHM_VERSION);
MODULE_AUTHOR("kshm developers");
MODULE_LICENSE("GPL");
