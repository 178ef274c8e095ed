// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers of the device tree: nodes that are compatible with "kshm,buffer". Each
 * has a platform device; the buffer is attached to it, comes when it is bound,
 * and goes when it is unbound or removed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/printk.h>
#include <linux/string.h>

#include <uapi/linux/kshm.h>

#include "device.h"
#include "of.h"
#include "spec.h"

/* of_property_read_bool() may complain about a property with a value. */
static bool kshm_of_has(const struct device_node *np, const char *name)
{
	return of_find_property(np, name, NULL);
}

/* Read a number of one or two cells; leaves @value alone where there is none. */
static int kshm_of_read_number(const struct device_node *np, const char *name,
			       u64 *value)
{
	u32 small;
	int err;

	if (!kshm_of_has(np, name))
		return 0;
	if (of_property_count_u32_elems(np, name) == 2)
		return of_property_read_u64(np, name, value);
	if (of_property_count_u32_elems(np, name) != 1)
		return -EINVAL;
	err = of_property_read_u32(np, name, &small);
	if (!err)
		*value = small;
	return err;
}

/* What the node says in numbers, as a program would give it to KSHM_IOC_ALLOC. */
static int kshm_of_read_numbers(const struct device_node *np,
				struct kshm_alloc *arg, const char **why)
{
	u64 bits = 0;

	*why = "size, alignment and kshm,addr-bits are numbers of one or two cells";
	if (kshm_of_read_number(np, "size", &arg->size) ||
	    kshm_of_read_number(np, "alignment", &arg->align) ||
	    kshm_of_read_number(np, "kshm,addr-bits", &bits) || bits > 64)
		return -EINVAL;
	arg->addr_bits = bits;
	return 0;
}

/* Use a node of /reserved-memory. Without a size it is used whole. */
static int kshm_of_use_region(const struct device_node *region,
			      struct kshm_alloc *arg, struct kshm_mem_spec *mem,
			      const char **why)
{
	const struct reserved_mem *rmem;

	rmem = of_reserved_mem_lookup((struct device_node *)region);
	if (!rmem || !rmem->size) {
		*why = "memory-region is no memory that was reserved at boot";
		return -EINVAL;
	}
	if (of_property_read_bool(region, "reusable")) {
		*why = "memory-region is reusable, so the kernel uses it itself";
		return -EINVAL;
	}
	if (offset_in_page(rmem->base)) {
		*why = "memory-region does not begin with a page";
		return -EINVAL;
	}
	if (!arg->size)
		arg->size = round_down(rmem->size, PAGE_SIZE);
	if (arg->size > rmem->size ||
	    PAGE_ALIGN(arg->size) > round_down(rmem->size, PAGE_SIZE)) {
		*why = "memory-region is smaller than size";
		return -EINVAL;
	}
	mem->phys = rmem->base;
	mem->has_phys = true;
	mem->phys_kind = of_property_read_bool(region, "no-map") ?
			 KSHM_PHYS_NO_MAP : KSHM_PHYS_RESERVED;
	return 0;
}

static int kshm_of_find_region(const struct device_node *np,
			       struct kshm_alloc *arg,
			       struct kshm_mem_spec *mem, const char **why)
{
	struct device_node *region;
	int err;

	if (!kshm_of_has(np, "memory-region"))
		return 0;
	region = of_parse_phandle(np, "memory-region", 0);
	if (!region) {
		*why = "memory-region refers to nothing";
		return -EINVAL;
	}
	err = kshm_of_use_region(region, arg, mem, why);
	of_node_put(region);
	return err;
}

static int kshm_of_read_texts(const struct device_node *np,
			      struct kshm_spec *spec, const char **why)
{
	const char *text;

	if (kshm_of_has(np, "label") &&
	    (of_property_read_string(np, "label", &text) ||
	     kshm_spec_set_name(spec, text, strlen(text)))) {
		*why = "bad label; 1 to 31 of A-Z a-z 0-9 _ . -, and not kshmN";
		return -EINVAL;
	}
	if (kshm_of_has(np, "kshm,cache") &&
	    (of_property_read_string(np, "kshm,cache", &text) ||
	     kshm_spec_set(spec, "cache", text, strlen(text)))) {
		*why = "bad kshm,cache; wb, wc or uc";
		return -EINVAL;
	}
	return 0;
}

static const char kshm_of_bad_number[] =
	"needs a size or a memory-region; alignment is a power of two, kshm,addr-bits 24 to 64";

/* Read the node of a device. Success means that the request is valid. */
static int kshm_of_parse(struct device *dev, struct kshm_spec *spec,
			 const char **why)
{
	const struct device_node *np = dev->of_node;
	struct kshm_mem_spec mem = {};
	struct kshm_alloc arg = {};
	int err;

	arg.node = NUMA_NO_NODE;
	err = kshm_of_read_numbers(np, &arg, why);
	if (err)
		return err;
	err = kshm_of_find_region(np, &arg, &mem, why);
	if (err)
		return err;
	if (!mem.has_phys)
		arg.node = dev_to_node(dev);
	*why = kshm_of_bad_number;
	err = kshm_spec_from_alloc(spec, &arg);
	if (err)
		return err;
	spec->mem.phys = mem.phys;
	spec->mem.has_phys = mem.has_phys;
	spec->mem.phys_kind = mem.phys_kind;
	spec->mem.keep = of_property_read_bool(np, "kshm,keep");
	err = kshm_of_read_texts(np, spec, why);
	return err ? err : kshm_spec_validate(spec, why);
}

static void kshm_of_remove(void *kdev)
{
	kshm_device_remove(kdev);
}

static int kshm_of_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct kshm_device *kdev;
	struct kshm_spec spec;
	const char *why;
	int err;

	err = kshm_of_parse(dev, &spec, &why);
	if (err)
		return dev_err_probe(dev, err, "%s\n", why);
	/* The bus has set it to 32 bits. */
	if (spec.mem.addr_bits) {
		err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(spec.mem.addr_bits));
		if (err)
			return dev_err_probe(dev, err, "the bus does not accept kshm,addr-bits\n");
	}
	spec.dev = dev;
	kdev = kshm_device_create(&spec, KSHM_SOURCE_DEVICETREE);
	if (IS_ERR(kdev))
		return dev_err_probe(dev, PTR_ERR(kdev),
				     "the buffer cannot be made\n");
	return devm_add_action_or_reset(dev, kshm_of_remove, kdev);
}

static const struct of_device_id kshm_of_match[] = {
	{ .compatible = "kshm,buffer" },
	{ }
};
MODULE_DEVICE_TABLE(of, kshm_of_match);

static struct platform_driver kshm_of_driver = {
	.probe = kshm_of_probe,
	.driver = {
		.name = KBUILD_MODNAME,
		.of_match_table = kshm_of_match,
	},
};

static bool kshm_of_registered;

/**
 * kshm_of_init() - make the buffers of the device tree
 *
 * A node that is wrong, or memory that cannot be had, stops no other buffer; the
 * log says why. Nor does a failure here stop the load, which has succeeded.
 *
 * Context: process, at the end of a load.
 */
void kshm_of_init(void)
{
	int err = platform_driver_register(&kshm_of_driver);

	if (err)
		pr_err("no buffers of the device tree: error %d\n", err);
	kshm_of_registered = !err;
}

/**
 * kshm_of_exit() - remove them
 *
 * Context: process, at unload; nothing is open.
 */
void kshm_of_exit(void)
{
	if (kshm_of_registered)
		platform_driver_unregister(&kshm_of_driver);
}
