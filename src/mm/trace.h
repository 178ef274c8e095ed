/* SPDX-License-Identifier: GPL-2.0-only */
/* Trace events of memory: what was asked for, which windows were tried. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kshm

#if !defined(KSHM_MM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KSHM_MM_TRACE_H

#include <linux/tracepoint.h>

#include "memory.h"

TRACE_EVENT(kshm_alloc,
	TP_PROTO(const struct kshm_memory *mem,
		 const struct kshm_mem_spec *spec, int err, s64 usecs),
	TP_ARGS(mem, spec, err, usecs),
	TP_STRUCT__entry(
		__field(u64, size)
		__field(u64, phys)
		__field(u64, align)
		__field(u32, addr_bits)
		__field(int, node)
		__field(int, err)
		__field(s64, usecs)
	),
	TP_fast_assign(
		__entry->size = mem->size;
		__entry->phys = err ? 0 : mem->phys;
		__entry->align = spec->align;
		__entry->addr_bits = spec->addr_bits;
		__entry->node = spec->node;
		__entry->err = err;
		__entry->usecs = usecs;
	),
	TP_printk("size=%llu align=%llu addr_bits=%u node=%d err=%d phys=0x%llx usecs=%lld",
		  __entry->size, __entry->align, __entry->addr_bits,
		  __entry->node, __entry->err, __entry->phys, __entry->usecs)
);

TRACE_EVENT(kshm_free,
	TP_PROTO(const struct kshm_memory *mem),
	TP_ARGS(mem),
	TP_STRUCT__entry(
		__field(u64, size)
		__field(u64, phys)
	),
	TP_fast_assign(
		__entry->size = mem->size;
		__entry->phys = mem->phys;
	),
	TP_printk("size=%llu phys=0x%llx", __entry->size, __entry->phys)
);

TRACE_EVENT(kshm_scan,
	TP_PROTO(unsigned long nr, unsigned long longest, s64 usecs),
	TP_ARGS(nr, longest, usecs),
	TP_STRUCT__entry(
		__field(unsigned long, nr)
		__field(unsigned long, longest)
		__field(s64, usecs)
	),
	TP_fast_assign(
		__entry->nr = nr;
		__entry->longest = longest;
		__entry->usecs = usecs;
	),
	TP_printk("nr_pages=%lu longest=%lu usecs=%lld",
		  __entry->nr, __entry->longest, __entry->usecs)
);

TRACE_EVENT(kshm_window,
	TP_PROTO(unsigned long pfn, unsigned long nr, unsigned long cost,
		 int err),
	TP_ARGS(pfn, nr, cost, err),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, nr)
		__field(unsigned long, cost)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->pfn = pfn;
		__entry->nr = nr;
		__entry->cost = cost;
		__entry->err = err;
	),
	TP_printk("pfn=0x%lx nr_pages=%lu cost=%lu err=%d",
		  __entry->pfn, __entry->nr, __entry->cost, __entry->err)
);

#endif /* KSHM_MM_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH mm
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
