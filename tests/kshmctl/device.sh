# SPDX-License-Identifier: GPL-2.0-only
# kshmctl and buffers for a device: without an IOMMU, behind one, and where the kernel copies all
# data of devices.
# machine: device device-iommu device-swiotlb
# kernels: [0-9]* realloc* arm64* kasan-*
# default-kernels: newest
# expect-log: pci/.*: (the kernel uses bounce buffers|its IOMMU is not set up yet)
set -eu
. ./lib/guest.sh
. ./lib/edu.sh
. ./lib/kshmctl.sh
. ./lib/memory.sh

wrong_devices() {
	gives 1 "kshmctl: a: there is no device pci/nowhere
  see 'ls /sys/bus/pci/devices'" create a -s 64K --device pci/nowhere
	gives 1 "kshmctl: a: device cannot be 'edu'
  device is a bus and a name, as pci/0000:01:00.0" create a -s 64K --device edu
	gives 1 "kshmctl: a: cpu/cpu0 is not a device of the bus pci or platform
  see 'ls /sys/bus/pci/devices /sys/bus/platform/devices'" create a -s 64K --device cpu/cpu0
	is "failed commands leave no directory" "$(ls $kshm_dir)" ""
}

# verified STATUS LINE ARG...: what kshmctl verify says of the device, and after that
verified() {
	verified_status=$1 verified_want=$2
	shift 2
	verified_got=$(TMPDIR=/mnt $kshmctl verify --device "$device" "$@" 2>&1) && status=0 || status=$?
	is "verify --device $*: exit status" "$status" "$verified_status"
	is "verify --device $*" "$(printf '%s\n' "$verified_got" | sed -n "/ $name can use/,\$p")" \
		"$verified_want"
}

attached() {
	gives 0 /dev/kshm0 create a -s 1M --device "$device" --addr-bits 32
	is "the device and its address" "$($kshmctl list -rn -o ATTACHED,DMA-ADDR a)" \
		"$device $(sysfs a dma_addr)"
	check "the device copies at this address" edu-copy "$edu" /dev/kshm0 \
		"$($kshmctl list -rn -o DMA-ADDR a)"
	$kshmctl save -f /tmp/saved
	gives 0 "" destroy a
	gives 0 "a /dev/kshm0" restore -f /tmp/saved
	is "the device of a restored buffer" "$($kshmctl list -rn -o ATTACHED a)" "$device"
	rm /tmp/saved
	verified 0 "ok       $device can use the buffer, at dma_addr $(sysfs a dma_addr)" a
	gives 0 "" destroy a
	check "verify a new buffer for the device" \
		sh -c "TMPDIR=/mnt $kshmctl verify -d $device | grep -q 'can use the buffer, at dma_addr 0x'"
}

# without_driver: the device tree names an IOMMU, of which the kernel knows nothing yet
without_driver() {
	$kshmctl create a -s 64K >/dev/null
	verified 1 "FAILED   $device can use the buffer: its IOMMU is set up only when a driver is bound to it
  bind a driver, for instance uio_pci_generic, see doc/iommu.md
kshmctl: a: 1 of 7 tests failed" a
	gives 0 "" destroy a
	gives 1 "kshmctl: a: $device does not reach this memory as one range, without copying
  the log says more: dmesg | grep 'kshm: $device'" create a -s 64K --device "$device"
	insert uio_pci_generic
	set_up_iommu "$edu"
	remove uio_pci_generic
}

not_attached() {
	$kshmctl create a -s 64K --addr-bits "$(ram_bits $((1 << 28)))" >/dev/null
	if [ -e "$edu/iommu_group" ]; then
		verified 1 "FAILED   $device can use the buffer: an IOMMU translates its addresses, so phys_addr is not for it
  create the buffer with --device $device
kshmctl: a: 1 of 7 tests failed" a
	else
		verified 0 "ok       $device can use the buffer, at phys_addr $(sysfs a phys_addr)" a
	fi
	gives 0 "" destroy a
}

# shellcheck disable=SC2046 # directories
set -- $(edu_devices)
edu=$1
device=pci/${edu##*/} name=pci.${edu##*/}
load buffers=none
wrong_devices
! needs_driver "$edu" || without_driver
if grep -q swiotlb=force /proc/cmdline; then
	gives 1 "kshmctl: a: $device does not reach this memory as one range, without copying
  the log says more: dmesg | grep 'kshm: $device'" create a -s 64K --device "$device"
else
	attached
	not_attached
fi
unload
finish
