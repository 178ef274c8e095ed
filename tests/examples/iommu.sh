# SPDX-License-Identifier: GPL-2.0-only
# A PCI device behind an IOMMU, as doc/iommu.md says: phys_addr alone, the identity domain,
# and VFIO with doc/examples/vfio-map.c.
# machine: vfio
# default-kernels: newest
set -eu
. ./lib/guest.sh

for pci in /sys/bus/pci/devices/*; do
	case $(cat "$pci/vendor")$(cat "$pci/device") in
	0x12340x11e8) edu=$pci ;;
	esac
done
address=${edu##*/}

# The device reaches 28 bits.
buffers=dma:64K/addr_bits=28,1M,64M
numbers='1 2'
if has_reserve_mem; then
	buffers=$buffers,64K/reserve_mem=vfio
	numbers='1 2 3'
fi
load "buffers=$buffers"
check "the device is behind an IOMMU" [ -e "$edu/iommu_group" ]
type=$(cat "$edu/iommu_group/type")
check "the IOMMU translates without any boot parameter: $type" \
	[ "${type%-FQ}" = DMA ]
status=0
edu-copy "$edu" /dev/kshm0 || status=$?
is "phys_addr with translation: nothing is copied" $status 1
check "phys_addr with translation: the log has the fault" \
	sh -c "dmesg | grep -q 'DMAR: .*fault addr'"

if { echo identity >"$edu/iommu_group/type"; } 2>/dev/null; then
	is "identity domain" "$(cat "$edu/iommu_group/type")" identity
	check "phys_addr in the identity domain: the device copies" edu-copy "$edu" /dev/kshm0
	echo "$type" >"$edu/iommu_group/type"
	is "the domain of before" "$(cat "$edu/iommu_group/type")" "$type"
else
	skip "identity domain" "Linux before 5.11"
fi

while read -r module; do
	insmod "$module"
done <modules/order
echo vfio-pci >"$edu/driver_override"
echo "$address" >/sys/bus/pci/drivers_probe
is "the driver" "$(basename "$(readlink "$edu/driver")")" vfio-pci
for n in $numbers; do
	size=$(cat /sys/class/kshm/kshm"$n"/size)
	status=0
	examples/vfio-map "$address" /dev/kshm"$n" >/tmp/out 2>&1 || status=$?
	is "VFIO, $size bytes: exit status" $status 0
	is "VFIO, $size bytes: output" "$(cat /tmp/out)" \
		"$address has the $size bytes of /dev/kshm$n at 0x1000000
edu copied 256 bytes to the end of the buffer"
	is "VFIO, $size bytes: nothing is mapped afterwards" \
		"$(cat /sys/class/kshm/kshm"$n"/mappings)" 0
done
rm /tmp/out
echo "$address" >"$edu/driver/unbind"
echo >"$edu/driver_override"
sed '1!G;h;$!d' modules/order | while read -r module; do
	module=${module##*/}
	rmmod "${module%.ko}"
done
unload
# Would be EBUSY.
load "buffers=$buffers"
check "VFIO keeps no page of a reservation" [ -e "/dev/kshm${numbers##* }" ]
unload
finish
