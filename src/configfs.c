// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers at run time: /sys/kernel/config/kshm/NAME/.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "buffer.h"
#include "configfs.h"
#include "device.h"
#include "spec.h"

/**
 * struct kshm_cfg_item - a directory
 * @item: configfs's part; its name is the buffer's
 * @lock: held while the device is made or removed, too
 * @spec: what is asked for; writable while not live
 * @kdev: the device while live, else NULL
 */
struct kshm_cfg_item {
	struct config_item item;
	struct mutex lock; /* guards all below */
	struct kshm_spec spec;
	struct kshm_device *kdev;
};

static struct kshm_cfg_item *to_kshm_cfg_item(struct config_item *item)
{
	return container_of(item, struct kshm_cfg_item, item);
}

static bool kshm_cfg_is_live(const struct kshm_cfg_item *cfg)
{
	return cfg->kdev;
}

/*
 * Length of a value without the newline that echo adds. configfs terminates the
 * text; a value ends at the first zero byte.
 */
static size_t kshm_attr_len(const char *buf)
{
	size_t len = strlen(buf);

	return len && buf[len - 1] == '\n' ? len - 1 : len;
}

/* A show function: @expr prints to buf from cfg, which is locked. */
#define KSHM_CFG_SHOW(name, expr)					\
static ssize_t kshm_cfg_##name##_show(struct config_item *item, char *buf) \
{									\
	struct kshm_cfg_item *cfg = to_kshm_cfg_item(item);		\
	ssize_t len = mutex_lock_interruptible(&cfg->lock);		\
									\
	if (len)							\
		return len;						\
	len = (expr);							\
	mutex_unlock(&cfg->lock);					\
	return len;							\
}

/*
 * A store function: @expr sets a part of the request, spec, from buf and len. A
 * bad value leaves the request as it is, and a live device forbids changes.
 */
#define KSHM_CFG_STORE(name, expr)					\
static ssize_t kshm_cfg_##name##_store(struct config_item *item,	\
				       const char *buf, size_t count)	\
{									\
	struct kshm_cfg_item *cfg = to_kshm_cfg_item(item);		\
	struct kshm_spec *spec = &cfg->spec;				\
	size_t len = kshm_attr_len(buf);				\
	int err = mutex_lock_interruptible(&cfg->lock);			\
									\
	if (err)							\
		return err;						\
	err = kshm_cfg_is_live(cfg) ? -EBUSY : (expr);			\
	mutex_unlock(&cfg->lock);					\
	return err ? err : count;					\
}

KSHM_CFG_SHOW(size, sprintf(buf, "%llu\n", PAGE_ALIGN(cfg->spec.mem.size)))
KSHM_CFG_STORE(size, kshm_spec_set_size(spec, buf, len))
CONFIGFS_ATTR(kshm_cfg_, size);

/* Empty while no address is asked for. */
static ssize_t kshm_cfg_print_phys(char *buf, const struct kshm_mem_spec *mem)
{
	if (!mem->has_phys)
		return sprintf(buf, "\n");
	return sprintf(buf, "0x%llx\n", (unsigned long long)mem->phys);
}

KSHM_CFG_SHOW(phys_addr, kshm_cfg_print_phys(buf, &cfg->spec.mem))
KSHM_CFG_STORE(phys_addr, kshm_spec_set_phys(spec, buf, len))
CONFIGFS_ATTR(kshm_cfg_, phys_addr);

KSHM_CFG_SHOW(node, sprintf(buf, "%d\n", cfg->spec.mem.node))
KSHM_CFG_STORE(node, kshm_spec_set(spec, "node", buf, len))
CONFIGFS_ATTR(kshm_cfg_, node);

KSHM_CFG_SHOW(addr_bits, sprintf(buf, "%u\n", cfg->spec.mem.addr_bits))
KSHM_CFG_STORE(addr_bits, kshm_spec_set(spec, "addr_bits", buf, len))
CONFIGFS_ATTR(kshm_cfg_, addr_bits);

KSHM_CFG_SHOW(align, sprintf(buf, "%llu\n", cfg->spec.mem.align))
KSHM_CFG_STORE(align, kshm_spec_set(spec, "align", buf, len))
CONFIGFS_ATTR(kshm_cfg_, align);

KSHM_CFG_SHOW(addr_min, sprintf(buf, "0x%llx\n", cfg->spec.mem.addr_min))
KSHM_CFG_STORE(addr_min, kshm_spec_set(spec, "addr_min", buf, len))
CONFIGFS_ATTR(kshm_cfg_, addr_min);

KSHM_CFG_SHOW(addr_max, sprintf(buf, "0x%llx\n", cfg->spec.mem.addr_max))
KSHM_CFG_STORE(addr_max, kshm_spec_set(spec, "addr_max", buf, len))
CONFIGFS_ATTR(kshm_cfg_, addr_max);

KSHM_CFG_SHOW(cache,
	      sprintf(buf, "%s\n", kshm_cache_name(cfg->spec.mem.cache)))
KSHM_CFG_STORE(cache, kshm_spec_set(spec, "cache", buf, len))
CONFIGFS_ATTR(kshm_cfg_, cache);

KSHM_CFG_SHOW(reserve_mem, sprintf(buf, "%s\n", cfg->spec.mem.reserve_mem))
KSHM_CFG_STORE(reserve_mem, kshm_spec_set(spec, "reserve_mem", buf, len))
CONFIGFS_ATTR(kshm_cfg_, reserve_mem);

KSHM_CFG_SHOW(keep, sprintf(buf, "%d\n", cfg->spec.mem.keep))
KSHM_CFG_STORE(keep, kshm_spec_set(spec, "keep", buf, len))
CONFIGFS_ATTR(kshm_cfg_, keep);

KSHM_CFG_SHOW(device, sprintf(buf, "%s\n", cfg->spec.attach))
KSHM_CFG_STORE(device, kshm_spec_set_device(spec, buf, len))
CONFIGFS_ATTR(kshm_cfg_, device);

KSHM_CFG_SHOW(dev_name,
	      sprintf(buf, "%s\n", cfg->kdev ? dev_name(&cfg->kdev->dev) : ""))
CONFIGFS_ATTR_RO(kshm_cfg_, dev_name);

/* Not under the lock, so that looking does not stop others. */
static ssize_t kshm_cfg_largest_show(struct config_item *item, char *buf)
{
	struct kshm_cfg_item *cfg = to_kshm_cfg_item(item);
	struct kshm_spec spec;
	ssize_t len;

	len = mutex_lock_interruptible(&cfg->lock);
	if (len)
		return len;
	spec = cfg->spec;
	mutex_unlock(&cfg->lock);
	return sprintf(buf, "%llu\n", kshm_buffer_largest(&spec));
}
CONFIGFS_ATTR_RO(kshm_cfg_, largest);

static int kshm_cfg_make_live(struct kshm_cfg_item *cfg)
{
	struct kshm_device *kdev;
	const char *why;
	int err;

	err = kshm_spec_validate(&cfg->spec, &why);
	if (err) {
		pr_debug("%s: %s\n", cfg->spec.name, why);
		return err;
	}
	kdev = kshm_device_create(&cfg->spec, KSHM_SOURCE_CONFIGFS);
	if (IS_ERR(kdev))
		return PTR_ERR(kdev);
	cfg->kdev = kdev;
	return 0;
}

static void kshm_cfg_remove(struct kshm_cfg_item *cfg)
{
	kshm_device_remove(cfg->kdev);
	cfg->kdev = NULL;
}

static int kshm_cfg_set_live(struct kshm_cfg_item *cfg, bool live)
{
	if (live)
		return kshm_cfg_is_live(cfg) ? -EBUSY : kshm_cfg_make_live(cfg);
	if (kshm_cfg_is_live(cfg))
		kshm_cfg_remove(cfg);
	return 0;
}

static ssize_t kshm_cfg_live_store(struct config_item *item, const char *buf,
				   size_t count)
{
	struct kshm_cfg_item *cfg = to_kshm_cfg_item(item);
	bool live;
	int err;

	err = kstrtobool(buf, &live);
	if (err)
		return err;
	err = mutex_lock_interruptible(&cfg->lock);
	if (err)
		return err;
	err = kshm_cfg_set_live(cfg, live);
	mutex_unlock(&cfg->lock);
	return err ? err : count;
}

KSHM_CFG_SHOW(live, sprintf(buf, "%d\n", kshm_cfg_is_live(cfg)))
CONFIGFS_ATTR(kshm_cfg_, live);

static struct configfs_attribute *kshm_cfg_attrs[] = {
	&kshm_cfg_attr_size,
	&kshm_cfg_attr_node,
	&kshm_cfg_attr_addr_bits,
	&kshm_cfg_attr_align,
	&kshm_cfg_attr_addr_min,
	&kshm_cfg_attr_addr_max,
	&kshm_cfg_attr_cache,
	&kshm_cfg_attr_phys_addr,
	&kshm_cfg_attr_reserve_mem,
	&kshm_cfg_attr_keep,
	&kshm_cfg_attr_device,
	&kshm_cfg_attr_largest,
	&kshm_cfg_attr_dev_name,
	&kshm_cfg_attr_live,
	NULL
};

static void kshm_cfg_release(struct config_item *item)
{
	struct kshm_cfg_item *cfg = to_kshm_cfg_item(item);

	mutex_destroy(&cfg->lock);
	kfree(cfg);
}

static struct configfs_item_operations kshm_cfg_item_ops = {
	.release = kshm_cfg_release,
};

static const struct config_item_type kshm_cfg_type = {
	.ct_item_ops = &kshm_cfg_item_ops,
	.ct_attrs = kshm_cfg_attrs,
	.ct_owner = THIS_MODULE,
};

/* Guarded by su_mutex of the subsystem, under which mkdir runs. */
static bool kshm_cfg_enabled;

static struct config_item *kshm_cfg_make_item(struct config_group *group,
					      const char *name)
{
	struct kshm_cfg_item *cfg;

	/* A load that fails unregisters the subsystem, which must be empty. */
	if (!kshm_cfg_enabled)
		return ERR_PTR(-EAGAIN);
	cfg = kzalloc(sizeof(*cfg), GFP_KERNEL);
	if (!cfg)
		return ERR_PTR(-ENOMEM);
	kshm_spec_init(&cfg->spec);
	if (kshm_spec_set_name(&cfg->spec, name, strlen(name))) {
		kfree(cfg);
		return ERR_PTR(-EINVAL);
	}
	mutex_init(&cfg->lock);
	config_item_init_type_name(&cfg->item, name, &kshm_cfg_type);
	return &cfg->item;
}

static void kshm_cfg_drop_item(struct config_group *group,
			       struct config_item *item)
{
	struct kshm_cfg_item *cfg = to_kshm_cfg_item(item);

	mutex_lock(&cfg->lock);
	if (kshm_cfg_is_live(cfg))
		kshm_cfg_remove(cfg);
	mutex_unlock(&cfg->lock);
	config_item_put(item);
}

static struct configfs_group_operations kshm_cfg_group_ops = {
	.make_item = kshm_cfg_make_item,
	.drop_item = kshm_cfg_drop_item,
};

static const struct config_item_type kshm_cfg_group_type = {
	.ct_group_ops = &kshm_cfg_group_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem kshm_cfg_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "kshm",
			.ci_type = &kshm_cfg_group_type,
		},
	},
};

/**
 * kshm_configfs_init() - register /sys/kernel/config/kshm
 *
 * Directories can be made in it after kshm_configfs_enable().
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_configfs_init(void)
{
	struct configfs_attribute **attr;

	/*
	 * For root alone: an open file keeps the module loaded, and shows a
	 * physical address.
	 */
	for (attr = kshm_cfg_attrs; *attr; attr++)
		(*attr)->ca_mode &= 0700;
	config_group_init(&kshm_cfg_subsystem.su_group);
	mutex_init(&kshm_cfg_subsystem.su_mutex);
	return configfs_register_subsystem(&kshm_cfg_subsystem);
}

/**
 * kshm_configfs_enable() - let root make directories
 *
 * Context: process, at the end of a load that has succeeded.
 */
void kshm_configfs_enable(void)
{
	mutex_lock(&kshm_cfg_subsystem.su_mutex);
	kshm_cfg_enabled = true;
	mutex_unlock(&kshm_cfg_subsystem.su_mutex);
}

/**
 * kshm_configfs_exit() - unregister it; it is empty, as items hold the module
 *
 * Context: process, at unload.
 */
void kshm_configfs_exit(void)
{
	configfs_unregister_subsystem(&kshm_cfg_subsystem);
	mutex_destroy(&kshm_cfg_subsystem.su_mutex);
}
