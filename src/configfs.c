// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers at run time: /sys/kernel/config/kshm/NAME/.
 */
#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kshm.h"

#define KSHM_NOT_LIVE	(-1)

/**
 * struct kshm_pending - a directory, and the device that it stands for
 * @item:  configfs's part; its name is the buffer's
 * @lock:  held while the device is made or taken away, too
 * @spec:  what is asked for; writable while not live
 * @minor: of the live device, else KSHM_NOT_LIVE
 */
struct kshm_pending {
	struct config_item item;
	struct mutex lock; /* guards all below */
	struct kshm_spec spec;
	int minor;
};

static struct kshm_pending *to_pending(struct config_item *item)
{
	return container_of(item, struct kshm_pending, item);
}

/* Lock for a change of the specification, which a live device forbids. */
static int kshm_pending_lock(struct kshm_pending *pending)
{
	int err = mutex_lock_interruptible(&pending->lock);

	if (err)
		return err;
	if (pending->minor == KSHM_NOT_LIVE)
		return 0;
	mutex_unlock(&pending->lock);
	return -EBUSY;
}

/* Length without the newline that echo adds. */
static size_t kshm_line_len(const char *text, size_t count)
{
	return count && text[count - 1] == '\n' ? count - 1 : count;
}

/* Read a number that is at most @max; up to a zero, as attributes are. */
static int kshm_line_number(const char *text, u64 max, u64 *value)
{
	int err = kshm_parse_number(text, kshm_line_len(text, strlen(text)),
				    value);

	if (err)
		return err;
	return *value <= max ? 0 : -ERANGE;
}

static ssize_t kshm_size_show(struct config_item *item, char *text)
{
	struct kshm_pending *pending = to_pending(item);
	ssize_t len;

	len = mutex_lock_interruptible(&pending->lock);
	if (len)
		return len;
	len = sprintf(text, "%llu\n", pending->spec.size);
	mutex_unlock(&pending->lock);
	return len;
}

static ssize_t kshm_size_store(struct config_item *item, const char *text,
			       size_t count)
{
	struct kshm_pending *pending = to_pending(item);
	u64 size;
	int err;

	/* up to a zero, as for the other attributes */
	err = kshm_parse_size(text, kshm_line_len(text, strlen(text)), &size);
	if (err)
		return err;
	err = kshm_pending_lock(pending);
	if (err)
		return err;
	pending->spec.size = PAGE_ALIGN(size);
	mutex_unlock(&pending->lock);
	return count;
}
CONFIGFS_ATTR(kshm_, size);

static ssize_t kshm_node_show(struct config_item *item, char *text)
{
	struct kshm_pending *pending = to_pending(item);
	ssize_t len;

	len = mutex_lock_interruptible(&pending->lock);
	if (len)
		return len;
	len = sprintf(text, "%d\n", pending->spec.node);
	mutex_unlock(&pending->lock);
	return len;
}

static ssize_t kshm_node_store(struct config_item *item, const char *text,
			       size_t count)
{
	struct kshm_pending *pending = to_pending(item);
	int err, node = NUMA_NO_NODE;
	u64 number;

	if (!sysfs_streq(text, "-1")) {
		err = kshm_line_number(text, INT_MAX, &number);
		if (err)
			return err;
		node = number;
		if (node >= MAX_NUMNODES || !node_state(node, N_MEMORY))
			return -EINVAL;
	}
	err = kshm_pending_lock(pending);
	if (err)
		return err;
	pending->spec.node = node;
	mutex_unlock(&pending->lock);
	return count;
}
CONFIGFS_ATTR(kshm_, node);

static ssize_t kshm_addr_bits_show(struct config_item *item, char *text)
{
	struct kshm_pending *pending = to_pending(item);
	ssize_t len;

	len = mutex_lock_interruptible(&pending->lock);
	if (len)
		return len;
	len = sprintf(text, "%u\n", pending->spec.addr_bits);
	mutex_unlock(&pending->lock);
	return len;
}

static ssize_t kshm_addr_bits_store(struct config_item *item, const char *text,
				    size_t count)
{
	struct kshm_pending *pending = to_pending(item);
	u64 addr_bits;
	int err;

	err = kshm_line_number(text, UINT_MAX, &addr_bits);
	if (err)
		return err;
	if (addr_bits && (addr_bits < 24 || addr_bits > 64))
		return -EINVAL;
	err = kshm_pending_lock(pending);
	if (err)
		return err;
	pending->spec.addr_bits = addr_bits;
	mutex_unlock(&pending->lock);
	return count;
}
CONFIGFS_ATTR(kshm_, addr_bits);

/* Empty while no address is asked for. */
static ssize_t kshm_phys_addr_show(struct config_item *item, char *text)
{
	struct kshm_pending *pending = to_pending(item);
	ssize_t len;

	len = mutex_lock_interruptible(&pending->lock);
	if (len)
		return len;
	if (pending->spec.at_phys)
		len = sprintf(text, "0x%llx",
			      (unsigned long long)pending->spec.phys);
	len += sprintf(text + len, "\n");
	mutex_unlock(&pending->lock);
	return len;
}

static ssize_t kshm_phys_addr_store(struct config_item *item, const char *text,
				    size_t count)
{
	struct kshm_pending *pending = to_pending(item);
	bool at_phys = kshm_line_len(text, count);
	u64 phys = 0;
	int err;

	if (at_phys) {
		err = kshm_line_number(text, U64_MAX, &phys);
		if (err)
			return err;
		if (phys != (phys_addr_t)phys || offset_in_page(phys))
			return -EINVAL;
	}
	err = kshm_pending_lock(pending);
	if (err)
		return err;
	pending->spec.phys = phys;
	pending->spec.at_phys = at_phys;
	mutex_unlock(&pending->lock);
	return count;
}
CONFIGFS_ATTR(kshm_, phys_addr);

static ssize_t kshm_dev_name_show(struct config_item *item, char *text)
{
	struct kshm_pending *pending = to_pending(item);
	ssize_t len;

	len = mutex_lock_interruptible(&pending->lock);
	if (len)
		return len;
	if (pending->minor != KSHM_NOT_LIVE)
		len = sprintf(text, "kshm%d", pending->minor);
	len += sprintf(text + len, "\n");
	mutex_unlock(&pending->lock);
	return len;
}
CONFIGFS_ATTR_RO(kshm_, dev_name);

static ssize_t kshm_live_show(struct config_item *item, char *text)
{
	struct kshm_pending *pending = to_pending(item);
	ssize_t len;

	len = mutex_lock_interruptible(&pending->lock);
	if (len)
		return len;
	len = sprintf(text, "%d\n", pending->minor != KSHM_NOT_LIVE);
	mutex_unlock(&pending->lock);
	return len;
}

static int kshm_pending_activate(struct kshm_pending *pending)
{
	struct kshm_spec *spec = &pending->spec;
	struct kshm_buffer *buf;
	int minor;

	if (!spec->size)
		return -EINVAL;
	/* An address leaves no choice. */
	if (spec->at_phys && spec->node != NUMA_NO_NODE)
		return -EINVAL;
	if (spec->at_phys && spec->addr_bits)
		return -EINVAL;
	buf = kshm_buffer_create(spec);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	minor = kshm_device_add(buf);
	kshm_buffer_put(buf);
	if (minor < 0)
		return minor;
	pending->minor = minor;
	return 0;
}

static void kshm_pending_deactivate(struct kshm_pending *pending)
{
	kshm_device_remove(pending->minor);
	pending->minor = KSHM_NOT_LIVE;
}

static ssize_t kshm_live_store(struct config_item *item, const char *text,
			       size_t count)
{
	struct kshm_pending *pending = to_pending(item);
	bool live, is_live;
	int err;

	err = kstrtobool(text, &live);
	if (err)
		return err;

	err = mutex_lock_interruptible(&pending->lock);
	if (err)
		return err;
	is_live = pending->minor != KSHM_NOT_LIVE;
	if (live == is_live)
		err = live ? -EBUSY : 0;
	else if (live)
		err = kshm_pending_activate(pending);
	else
		kshm_pending_deactivate(pending);
	mutex_unlock(&pending->lock);
	return err ? err : count;
}
CONFIGFS_ATTR(kshm_, live);

static struct configfs_attribute *kshm_pending_attrs[] = {
	&kshm_attr_size,
	&kshm_attr_node,
	&kshm_attr_addr_bits,
	&kshm_attr_phys_addr,
	&kshm_attr_dev_name,
	&kshm_attr_live,
	NULL
};

static void kshm_pending_release(struct config_item *item)
{
	struct kshm_pending *pending = to_pending(item);

	mutex_destroy(&pending->lock);
	kfree(pending);
}

static struct configfs_item_operations kshm_pending_ops = {
	.release = kshm_pending_release,
};

static const struct config_item_type kshm_pending_type = {
	.ct_item_ops = &kshm_pending_ops,
	.ct_attrs = kshm_pending_attrs,
	.ct_owner = THIS_MODULE,
};

/* Guarded by the subsystem's su_mutex, as all of mkdir is. */
static bool kshm_configfs_is_open;

/* mkdir */
static struct config_item *kshm_make_item(struct config_group *group,
					  const char *name)
{
	struct kshm_pending *pending;

	/* A load that fails takes the subsystem away, which has to be empty. */
	if (!kshm_configfs_is_open)
		return ERR_PTR(-EAGAIN);
	if (kshm_check_name(name, strlen(name)))
		return ERR_PTR(-EINVAL);
	pending = kzalloc(sizeof(*pending), GFP_KERNEL);
	if (!pending)
		return ERR_PTR(-ENOMEM);
	mutex_init(&pending->lock);
	strscpy(pending->spec.name, name, sizeof(pending->spec.name));
	pending->spec.node = NUMA_NO_NODE;
	pending->minor = KSHM_NOT_LIVE;
	config_item_init_type_name(&pending->item, name, &kshm_pending_type);
	return &pending->item;
}

/* rmdir */
static void kshm_drop_item(struct config_group *group, struct config_item *item)
{
	struct kshm_pending *pending = to_pending(item);

	mutex_lock(&pending->lock);
	if (pending->minor != KSHM_NOT_LIVE)
		kshm_pending_deactivate(pending);
	mutex_unlock(&pending->lock);
	config_item_put(item);
}

static struct configfs_group_operations kshm_group_ops = {
	.make_item = kshm_make_item,
	.drop_item = kshm_drop_item,
};

static const struct config_item_type kshm_group_type = {
	.ct_group_ops = &kshm_group_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem kshm_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "kshm",
			.ci_type = &kshm_group_type,
		},
	},
};

/**
 * kshm_configfs_init() - show /sys/kernel/config/kshm
 *
 * Directories can be made in it after kshm_configfs_open().
 *
 * Context: process, at load.
 * Return: 0 or an errno.
 */
int kshm_configfs_init(void)
{
	struct configfs_attribute **attr;

	/*
	 * For root alone: who has a file open keeps the module loaded, and an
	 * address may be in there.
	 */
	for (attr = kshm_pending_attrs; *attr; attr++)
		(*attr)->ca_mode &= 0700;
	config_group_init(&kshm_subsystem.su_group);
	mutex_init(&kshm_subsystem.su_mutex);
	return configfs_register_subsystem(&kshm_subsystem);
}

/**
 * kshm_configfs_open() - let root make directories
 *
 * Context: process, at the end of a load that has succeeded.
 */
void kshm_configfs_open(void)
{
	mutex_lock(&kshm_subsystem.su_mutex);
	kshm_configfs_is_open = true;
	mutex_unlock(&kshm_subsystem.su_mutex);
}

/**
 * kshm_configfs_exit() - hide it again; it is empty, as items hold the module
 *
 * Context: process, at unload.
 */
void kshm_configfs_exit(void)
{
	configfs_unregister_subsystem(&kshm_subsystem);
	mutex_destroy(&kshm_subsystem.su_mutex);
}
