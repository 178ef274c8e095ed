// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files in /sys/class/kshm/kshmN/. A device's driver data is its buffer,
 * which the device holds as long as these files exist.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "kshm.h"

static ssize_t phys_addr_show(struct device *dev,
			      struct device_attribute *attr, char *text)
{
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "0x%llx\n", (unsigned long long)buf->phys);
}
static DEVICE_ATTR_RO(phys_addr);

static ssize_t size_show(struct device *dev, struct device_attribute *attr,
			 char *text)
{
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "%llu\n", buf->size);
}
static DEVICE_ATTR_RO(size);

static ssize_t name_show(struct device *dev, struct device_attribute *attr,
			 char *text)
{
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "%s\n", buf->name);
}
static DEVICE_ATTR_RO(name);

static ssize_t backing_show(struct device *dev, struct device_attribute *attr,
			    char *text)
{
	static const char * const names[] = {
		[KSHM_BACKING_PAGES] = "pages",
		[KSHM_BACKING_CONTIG] = "contig",
		[KSHM_BACKING_CARVEOUT] = "carveout",
	};
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "%s\n", names[buf->backing]);
}
static DEVICE_ATTR_RO(backing);

static ssize_t folio_size_show(struct device *dev,
			       struct device_attribute *attr, char *text)
{
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "%lu\n", buf->folio_size);
}
static DEVICE_ATTR_RO(folio_size);

static ssize_t node_show(struct device *dev, struct device_attribute *attr,
			 char *text)
{
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "%d\n", buf->node);
}
static DEVICE_ATTR_RO(node);

static ssize_t cache_show(struct device *dev, struct device_attribute *attr,
			  char *text)
{
	return sysfs_emit(text, "wb\n");
}
static DEVICE_ATTR_RO(cache);

static ssize_t openers_show(struct device *dev, struct device_attribute *attr,
			    char *text)
{
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "%d\n", atomic_read(&buf->openers));
}
static DEVICE_ATTR_RO(openers);

static ssize_t mappings_show(struct device *dev, struct device_attribute *attr,
			     char *text)
{
	struct kshm_buffer *buf = dev_get_drvdata(dev);

	return sysfs_emit(text, "%d\n", atomic_read(&buf->mappings));
}
static DEVICE_ATTR_RO(mappings);

static struct attribute *kshm_device_attrs[] = {
	&dev_attr_phys_addr.attr,
	&dev_attr_size.attr,
	&dev_attr_name.attr,
	&dev_attr_backing.attr,
	&dev_attr_folio_size.attr,
	&dev_attr_node.attr,
	&dev_attr_cache.attr,
	&dev_attr_openers.attr,
	&dev_attr_mappings.attr,
	NULL
};

static umode_t kshm_attr_mode(struct kobject *kobj, struct attribute *attr,
			      int index)
{
	if (attr == &dev_attr_phys_addr.attr && kshm_restrict_phys_addr)
		return 0400;
	return attr->mode;
}

static const struct attribute_group kshm_device_group = {
	.attrs = kshm_device_attrs,
	.is_visible = kshm_attr_mode,
};

const struct attribute_group *kshm_device_groups[] = {
	&kshm_device_group,
	NULL
};
