// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that uses a dma-buf for its device as a test tells it: what is
 * written to the parameter "do" is done, and the errno is that of the write.
 *
 *	get FD			take a dma-buf; there is none yet
 *	put			drop it
 *	attach BYTES		attach the device, whose segments have at most so
 *				many bytes
 *	detach
 *	map to, from, both	map it, for the device to read or to write
 *	unmap
 *	write C, check C	be the device: write a character to all of it; EIO
 *				when a byte is another
 *	vmap, vunmap
 *	vwrite C, vcheck C	the same by the address that vmap returns
 *
 * The parameter "table" has "ENTRIES ADDRESS BYTES": ADDRESS is that of the first
 * entry, for the device, and BYTES is 0 unless the entries are contiguous and
 * have pages. mmap() of /dev/kshm_importer maps the dma-buf.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#ifdef HAVE_STRING_NS
MODULE_IMPORT_NS("DMA_BUF");
#else
MODULE_IMPORT_NS(DMA_BUF);
#endif

static struct platform_device *importer_dev;
static struct dma_buf *importer_buf;
static struct dma_buf_attachment *importer_attach;
static struct sg_table *importer_table;
static enum dma_data_direction importer_dir;
static void *importer_vaddr;

#ifdef HAVE_IOSYS_MAP
#include <linux/iosys-map.h>

static struct iosys_map importer_map;

static int importer_vmap(void)
{
	int err = dma_buf_vmap(importer_buf, &importer_map);

	if (err)
		return err;
	if (importer_map.is_iomem)
		return -EINVAL;
	importer_vaddr = importer_map.vaddr;
	return 0;
}

static void importer_vunmap(void)
{
	dma_buf_vunmap(importer_buf, &importer_map);
}
#else
static int importer_vmap(void)
{
	importer_vaddr = dma_buf_vmap(importer_buf);
	/* it returns no errno */
	return importer_vaddr ? 0 : -EINVAL;
}

static void importer_vunmap(void)
{
	dma_buf_vunmap(importer_buf, importer_vaddr);
}
#endif

static int importer_get(const char *arg)
{
	int err, fd;

	err = kstrtoint(arg, 0, &fd);
	if (err)
		return err;
	if (importer_buf)
		return -EBUSY;
	importer_buf = dma_buf_get(fd);
	if (!IS_ERR(importer_buf))
		return 0;
	err = PTR_ERR(importer_buf);
	importer_buf = NULL;
	return err;
}

static int importer_attach_device(const char *arg)
{
	unsigned int max;
	int err;

	err = kstrtouint(arg, 0, &max);
	if (err)
		return err;
	dma_set_max_seg_size(&importer_dev->dev, max);
	importer_attach = dma_buf_attach(importer_buf, &importer_dev->dev);
	if (!IS_ERR(importer_attach))
		return 0;
	err = PTR_ERR(importer_attach);
	importer_attach = NULL;
	return err;
}

static int importer_map_device(const char *arg)
{
	int err;

	importer_dir = DMA_BIDIRECTIONAL;
	if (!strcmp(arg, "to"))
		importer_dir = DMA_TO_DEVICE;
	else if (!strcmp(arg, "from"))
		importer_dir = DMA_FROM_DEVICE;
	importer_table = dma_buf_map_attachment(importer_attach, importer_dir);
	if (!IS_ERR(importer_table))
		return 0;
	err = PTR_ERR(importer_table);
	importer_table = NULL;
	return err;
}

/* The device has no IOMMU. */
static int importer_be_device(char c, bool write)
{
	struct scatterlist *sg;
	int i, err = 0;

	for_each_sgtable_dma_sg(importer_table, sg, i) {
		void *addr = phys_to_virt(sg_dma_address(sg));

		if (write)
			memset(addr, c, sg_dma_len(sg));
		else if (memchr_inv(addr, c, sg_dma_len(sg)))
			err = -EIO;
	}
	return err;
}

static int importer_use(const char *what, const char *arg)
{
	if (!strcmp(what, "attach"))
		return importer_attach ? -EBUSY : importer_attach_device(arg);
	if (!strcmp(what, "vmap"))
		return importer_vaddr ? -EBUSY : importer_vmap();
	if (!strcmp(what, "put")) {
		dma_buf_put(importer_buf);
		importer_buf = NULL;
		return 0;
	}
	if (importer_vaddr && !strcmp(what, "vwrite")) {
		memset(importer_vaddr, arg[0], importer_buf->size);
		return 0;
	}
	if (importer_vaddr && !strcmp(what, "vcheck"))
		return memchr_inv(importer_vaddr, arg[0], importer_buf->size) ?
		       -EIO : 0;
	if (importer_vaddr && !strcmp(what, "vunmap")) {
		importer_vunmap();
		importer_vaddr = NULL;
		return 0;
	}
	if (!importer_attach)
		return -EINVAL;
	if (!strcmp(what, "map"))
		return importer_table ? -EBUSY : importer_map_device(arg);
	if (!importer_table)
		return -EINVAL;
	if (!strcmp(what, "unmap")) {
		dma_buf_unmap_attachment(importer_attach, importer_table,
					 importer_dir);
		importer_table = NULL;
		return 0;
	}
	if (!strcmp(what, "write"))
		return importer_be_device(arg[0], true);
	if (!strcmp(what, "check"))
		return importer_be_device(arg[0], false);
	return -EINVAL;
}

/* Since 6.2 the caller locks the reservation; before, it may. */
static int importer_use_locked(const char *what, const char *arg)
{
	struct dma_resv *resv = importer_buf->resv;
	int err;

	if (!strcmp(what, "attach") || !strcmp(what, "put"))
		return importer_use(what, arg);
	if (importer_attach && !strcmp(what, "detach")) {
		dma_buf_detach(importer_buf, importer_attach);
		importer_attach = NULL;
		return 0;
	}
	dma_resv_lock(resv, NULL);
	err = importer_use(what, arg);
	dma_resv_unlock(resv);
	return err;
}

static int importer_do(const char *text, const struct kernel_param *param)
{
	char *copy = kstrdup(text, GFP_KERNEL), *arg, *what;
	int err = -ENXIO;

	if (!copy)
		return -ENOMEM;
	arg = strim(copy);
	what = strsep(&arg, " ");
	if (!arg)
		arg = "";
	if (!strcmp(what, "get"))
		err = importer_get(arg);
	else if (importer_buf)
		err = importer_use_locked(what, arg);
	kfree(copy);
	return err;
}

static const struct kernel_param_ops importer_do_ops = {
	.set = importer_do,
};
module_param_cb(do, &importer_do_ops, NULL, 0200);

static int importer_show(char *text, const struct kernel_param *param)
{
	dma_addr_t first, next;
	struct scatterlist *sg;
	u64 bytes = 0;
	int i;

	if (!importer_table)
		return sprintf(text, "none\n");
	first = sg_dma_address(importer_table->sgl);
	next = first;
	for_each_sgtable_dma_sg(importer_table, sg, i) {
		if (sg_dma_address(sg) != next)
			return sprintf(text, "%u %pad 0\n",
				       importer_table->nents, &first);
		next += sg_dma_len(sg);
		bytes += sg_dma_len(sg);
	}
	for_each_sgtable_sg(importer_table, sg, i) {
		if (!sg_page(sg))
			bytes = 0;
	}
	return sprintf(text, "%u %pad %llu\n", importer_table->nents, &first,
		       bytes);
}

static const struct kernel_param_ops importer_show_ops = {
	.get = importer_show,
};
module_param_cb(table, &importer_show_ops, NULL, 0444);

static int importer_mmap(struct file *file, struct vm_area_struct *vma)
{
	return importer_buf ? dma_buf_mmap(importer_buf, vma, vma->vm_pgoff) :
			      -ENXIO;
}

static const struct file_operations importer_fops = {
	.owner = THIS_MODULE,
	.mmap = importer_mmap,
};

static struct miscdevice importer_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "kshm_importer",
	.fops = &importer_fops,
};

static int __init importer_init(void)
{
	int err;

	importer_dev = platform_device_register_simple("kshm_importer", -1,
						       NULL, 0);
	if (IS_ERR(importer_dev))
		return PTR_ERR(importer_dev);
	err = dma_coerce_mask_and_coherent(&importer_dev->dev,
					   DMA_BIT_MASK(64));
	if (!err)
		err = misc_register(&importer_misc);
	if (err)
		platform_device_unregister(importer_dev);
	return err;
}
module_init(importer_init);

static void __exit importer_exit(void)
{
	misc_deregister(&importer_misc);
	platform_device_unregister(importer_dev);
}
module_exit(importer_exit);

MODULE_DESCRIPTION("Uses a dma-buf as a test tells it");
MODULE_LICENSE("GPL");
