# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For tests of buffers that are attached to QEMU's device edu. Sourced after guest.sh.

kshm_dir=/sys/kernel/config/kshm

# edu_devices: the directories of all edu devices in sysfs, in the order of their addresses
edu_devices() {
	for pci in /sys/bus/pci/devices/*; do
		case $(cat "$pci/vendor")$(cat "$pci/device") in
		0x12340x11e8) echo "$pci" ;;
		esac
	done
}

# needs_driver PCI: the device tree names an IOMMU for the device, which Linux before 6.15 sets up
# only when a driver is bound to it
needs_driver() {
	[ ! -e "$1/iommu_group" ] && [ -e "$(realpath "$1/../..")/of_node/iommu-map" ]
}

# set_up_iommu PCI...: bind uio_pci_generic, which is loaded, to those devices, and unbind it
set_up_iommu() {
	for pci; do
		needs_driver "$pci" || continue
		echo uio_pci_generic >"$pci/driver_override"
		echo "${pci##*/}" >/sys/bus/pci/drivers_probe
		echo "${pci##*/}" >"$pci/driver/unbind"
		echo >"$pci/driver_override"
	done
}

# prepare NAME SIZE DEVICE: a directory in configfs, not live
prepare() {
	mkdir "$kshm_dir/$1"
	echo "$2" >"$kshm_dir/$1/size"
	echo "$3" >"$kshm_dir/$1/device"
}

# live NAME: make it live; the result of the call
live() {
	xcall write "$kshm_dir/$1/live" 1
}

# sysfs NAME FILE: a file of its device
sysfs() {
	cat "/sys/class/kshm/$(cat "$kshm_dir/$1/dev_name")/$2"
}

# node NAME: its device node
node() {
	echo "/dev/$(cat "$kshm_dir/$1/dev_name")"
}
