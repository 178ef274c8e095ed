# SPDX-License-Identifier: GPL-2.0-only
# The device of a buffer is removed, bound to a driver, unbound, given to VFIO, while the buffer is
# open: the mapping ends before, the buffer stays.
# machine: device-iommu
# kernels: [0-9]* realloc* arm64* kasan-*
# default-kernels: newest
# expect-log: pci/.*: a driver such as vfio-pci manages its DMA
set -eu
. ./lib/guest.sh
. ./lib/edu.sh

# detached TITLE NAME: it has no device, and is as it was
detached() {
	is "$1: device" "$(sysfs "$2" device)" ""
	is "$1: dma_addr" "$(sysfs "$2" dma_addr)" ""
	is "$1: contents of the buffer" "$(head -c 5 "$(node "$2")")" hello
	is "$1: an open file" "$(dd bs=5 count=1 <&3 2>/dev/null)" hello
	exec 3<>"$(node "$2")"
	is "$1: device in configfs" "$(cat "$kshm_dir/$2/device")" "pci/$address"
	run device/sync "$(node "$2")"
	greet "$2"
}

# greet NAME: the contents that a buffer must keep
greet() {
	echo hello | dd of="$(node "$1")" conv=notrunc 2>/dev/null
}

# attached NAME: a live buffer of 1 MiB, open
attached() {
	prepare "$1" 1M "pci/$address"
	is "attach" "$(live "$1")" success
	greet "$1"
	exec 3<>"$(node "$1")"
}

# stopped TITLE DMA-ADDRESS: the device does not reach the buffer of before
stopped() {
	stopped_status=0
	edu-copy "$edu" - "$2" <&3 || stopped_status=$?
	is "$1: the device does not reach the buffer" $stopped_status 1
	greet a
}

# bind DRIVER; unbind
bind() {
	echo "$1" >"$edu/driver_override"
	echo "$address" >/sys/bus/pci/drivers_probe
	is "the driver" "$(basename "$(readlink "$edu/driver")")" "$1"
}

unbind() {
	echo "$address" >"$edu/driver/unbind"
	echo >"$edu/driver_override"
}

# rescan: a removed device comes back
rescan() {
	echo 1 >/sys/bus/pci/rescan
	# shellcheck disable=SC2046 # directories
	set_up_iommu $(edu_devices)
}

# shellcheck disable=SC2046 # directories
set -- $(edu_devices)
edu=$1 twin=$3 gone=$4
address=${edu##*/}
while read -r module; do
	insmod "$module"
done <modules/order
while read -r module; do
	insmod "$module"
done <modules/uio_pci_generic/order
# with QEMU's amd-iommu Linux remaps no interrupts
[ ! -e /sys/class/iommu/ivhd0 ] || echo 1 >/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
set_up_iommu "$@"
load buffers=none

# a driver that uses the DMA API
attached a
dma=$(sysfs a dma_addr)
bind uio_pci_generic
detached "a driver is bound" a
stopped "a driver is bound" "$dma"
exec 3<&-
rmdir $kshm_dir/a
attached a
dma=$(sysfs a dma_addr)
check "attached to a device with a driver: the device copies" edu-copy "$edu" "$(node a)" "$dma"
greet a
unbind
detached "the driver is unbound" a
stopped "the driver is unbound" "$dma"
exec 3<&-
rmdir $kshm_dir/a

# VFIO
attached a
bind vfio-pci
detached "vfio-pci is bound" a
exec 3<&-
rmdir $kshm_dir/a
prepare a 1M "pci/$address"
is "attach while vfio-pci is bound" "$(live a)" EBUSY
echo >$kshm_dir/a/device
is "live without the device" "$(live a)" success
status=0
examples/vfio-map "$address" "$(node a)" >/tmp/out 2>&1 || status=$?
rm /tmp/out
is "VFIO works after that" $status 0
rmdir $kshm_dir/a
unbind
attached a
check "attached after VFIO: the device copies" edu-copy "$edu" "$(node a)" "$(sysfs a dma_addr)"
exec 3<&-
rmdir $kshm_dir/a

# Removal: two buffers, one of them open and without a directory.
traced=
if { echo 'func kobject_cleanup +p' >/proc/dynamic_debug/control; } 2>/dev/null; then
	traced=yes
fi
attached a
prepare b 64K "pci/$address"
is "attach another buffer" "$(live b)" success
exec 4<>"$(node b)"
rmdir $kshm_dir/b
dma=$(sysfs a dma_addr)
log_mark
echo 1 >"$edu/remove"
detached "the device is removed" a
if [ "$traced" ]; then
	check "the kernel has freed the removed device" \
		[ "$(log_since | grep -c "kobject: .$address.*kobject_cleanup")" -gt 0 ]
	echo 'func kobject_cleanup -p' >/proc/dynamic_debug/control
else
	skip "the kernel has freed the removed device" "no dynamic debug"
fi
prepare c 64K "pci/$address"
is "attach to the removed device" "$(live c)" ENODEV
rescan
check "the device is back" [ -d "$edu" ]
detached "the device is back" a
echo 1 >"$edu/enable"
stopped "the device is back" "$dma"
is "attach to the device that is back" "$(live c)" success
check "the device that is back copies" edu-copy "$edu" "$(node c)" "$(sysfs c dma_addr)"
exec 3<&- 4<&-
rmdir $kshm_dir/a $kshm_dir/c

# A device goes whose IOMMU group stays, and with it the address space.
is "two devices are in one group" "$(readlink "$gone/iommu_group")" "$(readlink "$twin/iommu_group")"
edu=$twin address=${gone##*/}
attached a
dma=$(sysfs a dma_addr)
status=0
edu-copy "$twin" - "$dma" <&3 || status=$?
is "the other device of the group reaches the buffer, too" $status 0
greet a
echo 1 >"$gone/remove"
detached "a device of a group is removed" a
stopped "a device of a group is removed" "$dma"
exec 3<&-
rmdir $kshm_dir/a
rescan
edu=$1 address=${1##*/}

# Removed while nobody has it open, and after the buffer.
prepare a 1M "pci/$address"
is "attach" "$(live a)" success
echo 1 >"$edu/remove"
rmdir $kshm_dir/a
rescan
prepare a 1M "pci/$address"
is "attach again" "$(live a)" success
rmdir $kshm_dir/a
echo 1 >"$edu/remove"
unload
rescan
load buffers=none
prepare a 1M "pci/$address"
is "attach after the module was loaded again" "$(live a)" success
rmdir $kshm_dir/a
unload
sed '1!G;h;$!d' modules/order modules/uio_pci_generic/order | while read -r module; do
	module=${module##*/}
	rmmod "${module%.ko}"
done
finish
