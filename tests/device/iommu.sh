# SPDX-License-Identifier: GPL-2.0-only
# A buffer is attached to a device behind an IOMMU: the device reaches the buffer at dma_addr, as
# one range, and nothing else.
# machine: device-iommu
# kernels: [0-9]* realloc* arm64* kasan-*
# default-kernels: newest
# expect-log: pci/.*: (not mapped as one range|cannot be mapped|its IOMMU is not set up yet)
set -eu
. ./lib/guest.sh
. ./lib/edu.sh
. ./lib/memory.sh

# faults: lines about accesses that the IOMMU has refused, since the mark
faults() {
	log_since | grep -cE 'DMAR: .*fault addr|AMD-Vi: .*IO_PAGE_FAULT|arm-smmu-v3 .*event 0x10' || :
}

# copies TITLE NAME [ADDRESS]: the device copies the first bytes of a buffer to its end
copies() {
	log_mark
	check "$1" edu-copy "$edu" "$(node "$2")" "${3-$(sysfs "$2" dma_addr)}"
	is "$1: accesses that the IOMMU has refused" "$(faults)" 0
}

# stopped TITLE NAME ADDRESS: it does not. The log has few lines about faults in a short time.
stopped() {
	stopped_status=0
	edu-copy "$edu" "$(node "$2")" "$3" || stopped_status=$?
	is "$1: nothing is copied" $stopped_status 1
}

# hex NUMBER
hex() {
	printf '0x%x' "$1"
}

# table_pages: pages of the IOMMU's page tables; nothing before Linux 6.11
table_pages() {
	echo 1 >/proc/sys/vm/stat_refresh
	sed -n 's/^nr_iommu_pages //p' /proc/vmstat
}

# shellcheck disable=SC2046 # directories
set -- $(edu_devices)
edu=$1 narrow=$2
address=${edu##*/}
load buffers=none
if needs_driver "$edu"; then
	prepare a 1M "pci/$address"
	is "attach before any driver was bound" "$(live a)" EOPNOTSUPP
	rmdir $kshm_dir/a
	insert uio_pci_generic
	set_up_iommu "$@"
	remove uio_pci_generic
fi
check "the device is behind an IOMMU" [ -e "$edu/iommu_group" ]
is "no driver is bound" "$(ls -d "$edu/driver" 2>&1 || :)" "ls: $edu/driver: No such file or directory"

prepare above 1M "pci/$address"
live above >/dev/null
prepare a 1M "pci/$address"
is "attach" "$(live a)" success
rmdir $kshm_dir/above
is "device in sysfs" "$(sysfs a device)" "pci/$address"
check "dma_addr is not phys_addr" [ "$(sysfs a dma_addr)" != "$(sysfs a phys_addr)" ]
status=0
examples/edu "$address" "$(node a)" >/tmp/out 2>&1 || status=$?
is "the example" "$status $(cat /tmp/out)" \
	"0 $address has the 1048576 bytes of $(node a) at $(sysfs a dma_addr) and copied 256 of them"
rm /tmp/out
run device/sync "$(node a)"
copies "dma_addr" a
dma=$(sysfs a dma_addr)
stopped "phys_addr" a "$(sysfs a phys_addr)"
log_mark
stopped "addresses after the buffer" a "$(hex $((dma + (1 << 20))))"
# the log has no more than some of the faults within five seconds
for n in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(faults)" = 0 ] || break
	sleep 1
	edu-copy "$edu" "$(node a)" "$(hex $((dma + (1 << 20))))" || :
done
title="addresses after the buffer: the log has the fault"
if [ -e /sys/class/iommu/ivhd0 ] && [ "$(faults)" = 0 ]; then
	skip "$title" "amd-iommu of QEMU 7.2 tells nobody"
else
	check "$title" [ "$(faults)" -gt 0 ]
fi
stopped "addresses before the buffer" a "$(hex $((dma - (1 << 20))))"
copies "dma_addr after faults" a

# The addresses that a mask of 32 bits leaves are full after 8 of these, if any stays.
prepare large 512M "pci/$address"
for n in 1 2 3 4 5 6 7 8 9 10; do
	defragment
	before=$(table_pages)
	is "512 MiB, $n: attach" "$(live large)" success
	[ $n -ne 1 ] || first=${before:+$(($(table_pages) - before))}
	[ $n -ne 1 ] || copies "512 MiB are one range" large
	large=$(sysfs large dma_addr)
	[ $n -ne 1 ] || dd if=/dev/zero of="$(node a)" bs=256 count=1 conv=notrunc 2>/dev/null
	echo 0 >$kshm_dir/large/live
done
stopped "an address of a buffer that is gone" a "$large"
rmdir $kshm_dir/large
if [ "$first" ]; then
	check "512 MiB are mapped with huge pages: $first pages of page tables, not 256" [ "$first" -lt 32 ]
else
	skip "512 MiB are mapped with huge pages" "Linux before 6.11 does not count"
fi

for n in 1 2 3; do
	prepare b$n 64K "pci/$address"
	is "buffer $n more on the same device" "$(live b$n)" success
	copies "buffer $n more" b$n
done
rmdir $kshm_dir/b2
copies "after another buffer is gone" b3
rmdir $kshm_dir/b1 $kshm_dir/b3

# The other device reaches 28 bits; the kernel gives addresses below 4 GiB.
prepare b 64K "pci/${narrow##*/}"
echo 28 >$kshm_dir/b/addr_bits
echo $((1 << 28)) >$kshm_dir/b/addr_min
is "attach to another device" "$(live b)" success
dma=$(sysfs b dma_addr)
check "addr_bits holds for dma_addr: $dma" [ $((dma >> 28)) -eq 0 ]
phys=$(sysfs b phys_addr)
check "addr_bits does not hold for phys_addr: $phys" [ $((phys >> 28)) -gt 0 ]
check "the other device copies" edu-copy "$narrow" "$(node b)" "$dma"
stopped "a device uses the address of another one" b "$dma"
rmdir $kshm_dir/b

# Programs go on when the device of the buffer is removed; the last one ends the mapping.
dma=$(sysfs a dma_addr)
prepare b 1M ""
is "a buffer without a device" "$(live b)" success
exec 3<>"$(node a)"
rmdir $kshm_dir/a
status=0
edu-copy "$edu" - "$dma" <&3 || status=$?
is "an open file keeps the mapping: exit status of the copy" $status 0
is "the module is in use" "$(modctl unload 2>&1)" EAGAIN
exec 3<&-
stopped "after the last close" b "$dma"
rmdir $kshm_dir/b

# Another domain of the group: the old one is freed, and the mapping with it.
if { type=$(cat "$edu/iommu_group/type") && prepare a 64K "pci/$address" && live a >/dev/null &&
	echo identity >"$edu/iommu_group/type"; } 2>/dev/null; then
	is "identity domain: dma_addr of an older mapping" "$(sysfs a dma_addr)" ""
	is "identity domain: device of an older mapping" "$(sysfs a device)" ""
	run device/sync "$(node a)"
	rmdir $kshm_dir/a
	prepare a 64K "pci/$address"
	is "identity domain: attach" "$(live a)" success
	is "identity domain: dma_addr is phys_addr" "$(sysfs a dma_addr)" "$(sysfs a phys_addr)"
	copies "identity domain" a
	echo "$type" >"$edu/iommu_group/type"
	is "the domain of before: dma_addr of an older mapping" "$(sysfs a dma_addr)" ""
	rmdir $kshm_dir/a
	prepare a 64K "pci/$address"
	is "the domain of before: attach" "$(live a)" success
	copies "the domain of before" a
	rmdir $kshm_dir/a
else
	skip "identity domain" "Linux before 5.11"
	[ ! -d $kshm_dir/a ] || rmdir $kshm_dir/a
fi
unload
finish
