// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files in /sys/class/kshm/kshmN/. The device holds its buffer as long as
 * these files exist.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "buffer.h"
#include "device.h"
#include "file.h"
#include "spec.h"

static ssize_t phys_addr_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "0x%llx\n", (unsigned long long)kbuf->mem.phys);
}
static DEVICE_ATTR_RO(phys_addr);

static ssize_t size_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%llu\n", kbuf->mem.size);
}
static DEVICE_ATTR_RO(size);

static ssize_t name_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%s\n", kbuf->name);
}
static DEVICE_ATTR_RO(name);

static ssize_t backing_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%s\n", kbuf->mem.ops->name);
}
static DEVICE_ATTR_RO(backing);

static ssize_t folio_size_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%lu\n", kbuf->mem.entry_size);
}
static DEVICE_ATTR_RO(folio_size);

static ssize_t node_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%d\n", kbuf->mem.node);
}
static DEVICE_ATTR_RO(node);

static ssize_t cache_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%s\n", kshm_cache_name(kbuf->mem.cache));
}
static DEVICE_ATTR_RO(cache);

static ssize_t openers_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%d\n", atomic_read(&kbuf->openers));
}
static DEVICE_ATTR_RO(openers);

static ssize_t mappings_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%d\n", atomic_read(&kbuf->mappings));
}
static DEVICE_ATTR_RO(mappings);

static ssize_t events_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return sysfs_emit(buf, "%llu\n", kshm_doorbell_count(&kbuf->bell));
}
static DEVICE_ATTR_RO(events);

/* Empty without a device, or when it has gone. */
static ssize_t dma_addr_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;
	u64 addr;

	if (!kshm_attach_dma_addr(&kbuf->attached, &addr))
		return sysfs_emit(buf, "\n");
	return sysfs_emit(buf, "0x%llx\n", addr);
}
static DEVICE_ATTR_RO(dma_addr);

static ssize_t device_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct kshm_buffer *kbuf = to_kshm_device(dev)->buf;

	return kshm_attach_print(&kbuf->attached, buf);
}
static DEVICE_ATTR_RO(device);

static ssize_t source_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	static const char * const names[] = {
		[KSHM_SOURCE_PARAMETER] = "parameter",
		[KSHM_SOURCE_CONFIGFS] = "configfs",
		[KSHM_SOURCE_DEVICETREE] = "devicetree",
		[KSHM_SOURCE_MODULE] = "module",
	};

	return sysfs_emit(buf, "%s\n", names[to_kshm_device(dev)->source]);
}
static DEVICE_ATTR_RO(source);

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
	&dev_attr_events.attr,
	&dev_attr_dma_addr.attr,
	&dev_attr_device.attr,
	&dev_attr_source.attr,
	NULL
};

static umode_t kshm_attr_mode(struct kobject *kobj, struct attribute *attr,
			      int index)
{
	if (kshm_restrict_phys_addr && (attr == &dev_attr_phys_addr.attr ||
					attr == &dev_attr_dma_addr.attr))
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
