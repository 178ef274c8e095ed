/* SPDX-License-Identifier: GPL-2.0-only */
/* Trace events of devices and mappings; those of memory are in mm/trace.h. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kshm

#if !defined(KSHM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KSHM_TRACE_H

#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "buffer.h"
#include "device.h"

DECLARE_EVENT_CLASS(kshm_device,
	TP_PROTO(const struct kshm_device *kdev),
	TP_ARGS(kdev),
	TP_STRUCT__entry(
		__field(unsigned int, minor)
		__field(u64, size)
		__field(u64, phys)
		__array(char, name, KSHM_NAME_SIZE)
	),
	TP_fast_assign(
		__entry->minor = MINOR(kdev->dev.devt);
		__entry->size = kdev->buf->mem.size;
		__entry->phys = kdev->buf->mem.phys;
		memcpy(__entry->name, kdev->buf->name, KSHM_NAME_SIZE);
	),
	TP_printk("kshm%u name=%s size=%llu phys=0x%llx", __entry->minor,
		  __entry->name, __entry->size, __entry->phys)
);

DEFINE_EVENT(kshm_device, kshm_device_add,
	TP_PROTO(const struct kshm_device *kdev),
	TP_ARGS(kdev)
);

DEFINE_EVENT(kshm_device, kshm_device_remove,
	TP_PROTO(const struct kshm_device *kdev),
	TP_ARGS(kdev)
);

/* The size of the page that is mapped, not of the entry: that is chosen later. */
TRACE_EVENT(kshm_fault,
	TP_PROTO(const struct vm_fault *vmf, vm_fault_t ret),
	TP_ARGS(vmf, ret),
	TP_STRUCT__entry(
		__field(unsigned long, address)
		__field(unsigned long, pgoff)
		__field(unsigned long, bytes)
		__field(unsigned int, ret)
	),
	TP_fast_assign(
		__entry->address = vmf->address;
		__entry->pgoff = vmf->pgoff;
		__entry->bytes = ret ? 0 : page_size(compound_head(vmf->page));
		__entry->ret = (__force unsigned int)ret;
	),
	TP_printk("address=0x%lx pgoff=%lu bytes=%lu ret=0x%x",
		  __entry->address, __entry->pgoff, __entry->bytes,
		  __entry->ret)
);

#endif /* KSHM_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
