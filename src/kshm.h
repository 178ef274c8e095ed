/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this module know of each other.
 *
 * A buffer is created by main.c (module parameter) or configfs.c, gets its
 * memory in buffer.c from pages.c, contig.c or carveout.c, and its device in
 * device.c. Programs then reach it through file.c and mapping.c.
 */
#ifndef KSHM_H
#define KSHM_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/limits.h>
#include <linux/types.h>

#include <uapi/linux/kshm.h>

struct attribute_group;
struct device;
struct page;
struct vm_area_struct;

#define KSHM_MAX_DEVICES	1024

/* The cost of a block of memory that cannot be cleared. */
#define KSHM_BLOCK_UNUSABLE	U16_MAX

/**
 * struct kshm_spec - what somebody asks for
 * @name:      name of the buffer; empty: the device's name
 * @size:      bytes, not yet rounded to pages
 * @phys:      where a carve-out lies; used only with @at_phys
 * @at_phys:   take the memory at @phys, which the kernel does not manage
 * @node:      NUMA node, or NUMA_NO_NODE for any
 * @addr_bits: the last byte's address fits in so many bits; 0: any address
 */
struct kshm_spec {
	char name[KSHM_NAME_SIZE];
	u64 size;
	phys_addr_t phys;
	bool at_phys;
	int node;
	unsigned int addr_bits;
};

/**
 * struct kshm_buffer - memory with a name, and who uses it
 * @ref:        held by the live device and by each open file; mappings hold it
 *		through their file
 * @name:       set before the buffer can be seen, constant afterwards
 * @size:       bytes, a multiple of PAGE_SIZE
 * @phys:       CPU physical address of the first byte
 * @vaddr:      kernel address of the first byte; @size bytes follow
 * @page:       first page; NULL for a carve-out, which has no struct pages
 * @folio_size: bytes that one page-table entry can map at most
 * @backing:    KSHM_BACKING_*
 * @node:       NUMA node, NUMA_NO_NODE where unknown
 * @inode:      of kshm's own file system; its mapping belongs to the buffer
 *		and is what every open file of it maps
 * @openers:    open files
 * @mappings:   mappings (VMAs) now
 *
 * All but the counts is constant while anybody can see the buffer, so it is
 * read without a lock.
 */
struct kshm_buffer {
	struct kref ref;
	char name[KSHM_NAME_SIZE];
	u64 size;
	phys_addr_t phys;
	void *vaddr;
	struct page *page;
	unsigned long folio_size;
	u32 backing;
	int node;
	struct inode *inode;
	atomic_t openers;
	atomic_t mappings;
};

/* main.c */
extern bool kshm_restrict_phys_addr;

/* param.c */
int kshm_param_count(const char *text);
int kshm_param_parse(const char *text, struct kshm_spec *specs, int count);
void kshm_param_blame(const char *text, int index, int err);
int kshm_parse_number(const char *text, size_t len, u64 *value);
int kshm_parse_size(const char *text, size_t len, u64 *size);
int kshm_check_name(const char *name, size_t len);

/* device.c */
int kshm_devices_init(void);
void kshm_devices_exit(unsigned int log_bytes);
int kshm_devices_open(void);
int kshm_device_add(struct kshm_buffer *buf);
void kshm_device_remove(int minor);
struct kshm_buffer *kshm_device_get_buffer(int minor);

/* sysfs.c */
extern const struct attribute_group *kshm_device_groups[];

/* configfs.c */
int kshm_configfs_init(void);
void kshm_configfs_open(void);
void kshm_configfs_exit(void);

/* file.c */
extern const struct file_operations kshm_fops;

/* mapping.c */
int kshm_mmap(struct file *file, struct vm_area_struct *vma);

/* buffer.c */
int kshm_buffers_init(void);
void kshm_buffers_exit(void);
struct kshm_buffer *kshm_buffer_create(const struct kshm_spec *spec);
void kshm_buffer_get(struct kshm_buffer *buf);
void kshm_buffer_put(struct kshm_buffer *buf);

/* pages.c */
struct page *kshm_pages_alloc(unsigned long nr, int node,
			      unsigned int addr_bits);

/* contig.c */
struct page *kshm_contig_alloc(unsigned long nr, int node,
			       unsigned int addr_bits);
unsigned long kshm_contig_largest(unsigned long nr, int node,
				  unsigned int addr_bits);
int kshm_contig_retake(struct page *first, unsigned long nr);

/* take.c */
int kshm_take_init(void);
void kshm_take_exit(void);
int kshm_take_window(unsigned long pfn, unsigned long nr, unsigned long offset,
		     u16 *cost, unsigned long *taken);

/* folio.c */
void kshm_row_put(struct page *first, unsigned long nr);
void kshm_row_attach(struct page *first, unsigned long nr,
		     struct address_space *mapping);
int kshm_row_clear(struct page *first, unsigned long nr);
bool kshm_row_fits(struct page *first, unsigned long nr,
		   unsigned int addr_bits);
unsigned long kshm_row_folio_size(struct page *first, unsigned long nr);
void kshm_row_join(struct page *first, unsigned long nr);
unsigned long kshm_last_pfn(unsigned int addr_bits);

/* carveout.c */
int kshm_carveout_claim(struct kshm_buffer *buf, phys_addr_t phys);
void kshm_carveout_release(struct kshm_buffer *buf);

/* unload_log.c */
void kshm_unload_log(int minor, const struct kshm_buffer *buf,
		     unsigned int bytes);

#endif /* KSHM_H */
