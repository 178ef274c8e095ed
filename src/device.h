/* SPDX-License-Identifier: GPL-2.0-only */
/* The devices kshmN. */
#ifndef KSHM_DEVICE_H
#define KSHM_DEVICE_H

#include <linux/device.h>

struct kshm_buffer;
struct kshm_spec;

#define KSHM_MAX_DEVICES	1024

/* The minor number of kshm-alloc; the others are those of kshmN. */
#define KSHM_ALLOC_MINOR	KSHM_MAX_DEVICES
#define KSHM_MINORS		(KSHM_MAX_DEVICES + 1)

/* Who has made a device, and removes it. */
enum kshm_source {
	KSHM_SOURCE_PARAMETER,
	KSHM_SOURCE_CONFIGFS,
	KSHM_SOURCE_DEVICETREE,
	KSHM_SOURCE_MODULE,
};

/**
 * struct kshm_device - a live buffer
 * @dev: of the class kshm; its minor number is N
 * @buf: the buffer, to which the device holds a reference until it is removed
 * @source: who removes it
 */
struct kshm_device {
	struct device dev;
	struct kshm_buffer *buf;
	enum kshm_source source;
};

static inline struct kshm_device *to_kshm_device(struct device *dev)
{
	return container_of(dev, struct kshm_device, dev);
}

int kshm_devices_init(void);
void kshm_devices_exit(void);
int kshm_devices_enable(void);
void kshm_devices_dump(unsigned int bytes);
struct kshm_device *kshm_device_add(struct kshm_buffer *buf,
				    enum kshm_source source);
struct kshm_device *kshm_device_create(const struct kshm_spec *spec,
				       enum kshm_source source);
void kshm_device_remove(struct kshm_device *kdev);
struct kshm_buffer *kshm_device_find_buffer(const char *name);
struct kshm_buffer *kshm_device_get_buffer(unsigned int minor);

/* sysfs.c */
extern const struct attribute_group *kshm_device_groups[];

#endif /* KSHM_DEVICE_H */
