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
#include <linux/string.h>

#include "attach.h"
#include "buffer.h"
#include "configfs.h"
#include "device.h"
#include "file.h"
#include "of.h"
#include "param.h"
#include "spec.h"
#include "version.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* The parameter is this, or its own copy of what the user gave. */
static const char kshm_buffers_default[] = "1M";

static void kshm_buffers_free(void *arg)
{
	const char **text = arg;

	if (*text != kshm_buffers_default)
		kfree(*text);
	*text = kshm_buffers_default;
}

/*
 * A charp parameter ends at 1,024 characters, which would not hold as many
 * buffers as there can be. Since 7.3 the module's arguments are gone before its
 * init function runs, so this needs a copy.
 */
static int kshm_buffers_param_set(const char *text,
				  const struct kernel_param *param)
{
	const char *copy = kstrdup(text, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	kshm_buffers_free(param->arg);
	*(const char **)param->arg = copy;
	return 0;
}

static const struct kernel_param_ops kshm_buffers_param_ops = {
	.set = kshm_buffers_param_set,
	.get = param_get_charp,
	.free = kshm_buffers_free,
};

static const char *buffers = kshm_buffers_default;
module_param_cb(buffers, &kshm_buffers_param_ops, &buffers, 0444);
MODULE_PARM_DESC(buffers,
		 "Buffers to make at load: [NAME:]SIZE[@PHYS][/KEY=VALUE...],... with K, M, G; \"none\" makes no buffer (default 1M)");

bool kshm_restrict_phys_addr;
module_param_named(restrict_phys_addr, kshm_restrict_phys_addr, bool, 0444);
MODULE_PARM_DESC(restrict_phys_addr,
		 "Show physical addresses to root only (default 0)");

static unsigned int log_at_unload;
module_param(log_at_unload, uint, 0444);
MODULE_PARM_DESC(log_at_unload,
		 "Number of bytes of each buffer to log at unload, at most 4096 (default 0)");

static void kshm_put_all(struct kshm_buffer **bufs, int count)
{
	while (count--)
		kshm_buffer_put(bufs[count]);
}

/* Each device takes a reference of its own. Returns 0 or an errno. */
static int kshm_add_devices(struct kshm_buffer **bufs,
			    const struct kshm_spec *specs, int count)
{
	struct kshm_device *kdev;
	int i;

	for (i = 0; i < count; i++) {
		kdev = kshm_device_add(bufs[i], KSHM_SOURCE_PARAMETER);
		/* The caller removes the others. */
		if (IS_ERR(kdev)) {
			kshm_param_report(buffers, &specs[i], i, PTR_ERR(kdev));
			return PTR_ERR(kdev);
		}
	}
	return 0;
}

/*
 * Make all buffers of the parameter first, which can fail because of user input,
 * then their devices. After an error devices may be left.
 */
static int kshm_make_buffers(void)
{
	struct kshm_buffer **bufs;
	struct kshm_spec *specs;
	int count, made, err;

	count = kshm_param_count(buffers);
	if (count <= 0)
		return count;

	specs = kvcalloc(count, sizeof(*specs), GFP_KERNEL);
	bufs = kvcalloc(count, sizeof(*bufs), GFP_KERNEL);
	if (!specs || !bufs) {
		err = -ENOMEM;
		goto out_free;
	}

	err = kshm_param_parse(buffers, specs, count);
	if (err)
		goto out_free;

	for (made = 0; made < count; made++) {
		bufs[made] = kshm_buffer_create(&specs[made], NULL);
		if (IS_ERR(bufs[made])) {
			err = PTR_ERR(bufs[made]);
			kshm_param_report(buffers, &specs[made], made, err);
			goto out_put;
		}
	}
	err = kshm_add_devices(bufs, specs, count);
out_put:
	kshm_put_all(bufs, made);
out_free:
	kvfree(bufs);
	kvfree(specs);
	return err;
}

static int __init kshm_init(void)
{
	int err;

	err = kshm_memory_init();
	if (err)
		return err;
	err = kshm_buffers_init();
	if (err)
		goto err_memory;
	err = kshm_attach_init();
	if (err)
		goto err_buffers;
	err = kshm_devices_init();
	if (err)
		goto err_attach;
	err = kshm_make_buffers();
	if (err)
		goto err_devices;
	err = kshm_configfs_init();
	if (err)
		goto err_devices;
	/*
	 * Last: nothing can take back what a program has opened, nor what root
	 * has made in configfs. When this has succeeded, loading does not fail.
	 */
	err = kshm_devices_enable();
	if (err)
		goto err_configfs;
	kshm_configfs_enable();
	kshm_of_init();
	return 0;

err_configfs:
	kshm_configfs_exit();
err_devices:
	kshm_devices_exit();
err_attach:
	kshm_attach_exit();
err_buffers:
	kshm_buffers_exit();
err_memory:
	kshm_memory_exit();
	return err;
}
module_init(kshm_init);

static void __exit kshm_exit(void)
{
	kshm_devices_dump(log_at_unload);
	kshm_of_exit();
	kshm_configfs_exit();
	kshm_devices_exit();
	kshm_attach_exit();
	kshm_buffers_exit();
	kshm_memory_exit();
}
module_exit(kshm_exit);

MODULE_DESCRIPTION("Physically contiguous memory shared between kernel, devices and programs");
MODULE_VERSION(KSHM_VERSION);
MODULE_AUTHOR("kshm developers");
MODULE_LICENSE("GPL");
