# SPDX-License-Identifier: GPL-2.0-only
# What it costs to give a buffer to a device behind an IOMMU, and to hand it over to the processor
# and back.
# limit: 3600
set -eu
. ./lib/edu.sh
. ./lib/memory.sh
# shellcheck source=/dev/null # written by tests/perf/bench
. /t/settings
: "${rounds:?}"
many=$((5 * rounds))

edu=$(edu_devices)
address=${edu##*/}
# the kernel invalidates the IOMMU's cache at once
[ "$(cat "$edu/iommu_group/type")" = DMA ]

# table_pages: pages of the IOMMU's page tables
table_pages() {
	echo 1 >/proc/sys/vm/stat_refresh
	sed -n 's/^nr_iommu_pages //p' /proc/vmstat
}

# reserved RESERVATION SIZE [DEVICE]: a directory for a buffer there, whose memory is not touched
reserved() {
	prepare a "$2" "${3-}"
	echo "$1" >$kshm_dir/a/reserve_mem
	echo 1 >$kshm_dir/a/keep
}

# traced LIVE: make the buffer live or not; nanoseconds of the function of kshm that is traced
traced() {
	echo >$tracing/trace
	echo "$1" >$kshm_dir/a/live
	awk '/ us / { for (i = 2; i <= NF; i++) if ($i == "us") took = $(i - 1) }
		END { if (!took) exit 1; printf "%.0f\n", took * 1000 }' $tracing/trace
}

# attach WAY RESERVATION SIZE...: the first time leaves tables of upper levels, and is not counted
attach() {
	attach_way=$1 reservation=$2
	shift 2
	for size; do
		reserved "$reservation" "$size" "pci/$address"
		bytes=$(cat $kshm_dir/a/size)
		for round in $(seq 0 $many); do
			before=$(table_pages)
			attached=$(traced 1)
			pages=$(($(table_pages) - before))
			detached=$(traced 0)
			[ "$round" -gt 0 ] || continue
			echo "raw attach $attach_way $bytes $attached"
			echo "raw detach $attach_way $bytes $detached"
			echo "raw tables $attach_way $bytes $pages"
		done
		rmdir $kshm_dir/a
	done
}

# fits RESERVATION: whether it begins where an entry of 2 MiB can
fits() {
	reserved "$1" 1G
	echo 1 >$kshm_dir/a/live
	phys=$(sysfs a phys_addr)
	rmdir $kshm_dir/a
	echo "$1 is at $phys"
	[ $((phys & 0x1fffff)) -eq 0 ]
}

insmod /t/kshm.ko buffers=none
fits even
if fits odd; then exit 1; fi

tracing=/sys/kernel/tracing
mount -t tracefs tracefs $tracing
echo kshm_attach >$tracing/set_ftrace_filter
echo kshm_detach >>$tracing/set_ftrace_filter
echo function_graph >$tracing/current_tracer
attach kshm even 1M 256M 1G
attach kshm-odd odd 256M 1G
echo nop >$tracing/current_tracer
echo >$tracing/set_ftrace_filter
umount $tracing

insert vfio-pci
insert vfio_iommu_type1
echo vfio-pci >"$edu/driver_override"
echo "$address" >/sys/bus/pci/drivers_probe
prepare a 1G ""
echo 1 >$kshm_dir/a/live
vfio "$many" vfio "$address" "$(node a)" 1M 256M 1G
rmdir $kshm_dir/a
echo "$address" >"$edu/driver/unbind"
echo >"$edu/driver_override"
remove vfio_iommu_type1
remove vfio-pci

prepare attached 256M "pci/$address"
echo 1 >$kshm_dir/attached/live
prepare plain 256M ""
echo 1 >$kshm_dir/plain/live
insmod /t/clients/kshm_importer.ko
handover "$many" "$(node attached)" "$(node plain)"
rmmod kshm_importer
rmdir $kshm_dir/attached $kshm_dir/plain

rmmod kshm
echo "ok 1 - measured"
echo "1..1"
