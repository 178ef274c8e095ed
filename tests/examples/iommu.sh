# SPDX-License-Identifier: GPL-2.0-only
# A PCI device behind an IOMMU, as doc/iommu.md says: phys_addr alone, the identity domain,
# and VFIO with doc/examples/vfio-map.c.
# machine: vfio
# kernels: [0-9]* realloc* arm64* kasan-*
# default-kernels: newest
set -eu
. ./lib/guest.sh

# table_pages: pages of the IOMMU's page tables; nothing before Linux 6.11
table_pages() {
	echo 1 >/proc/sys/vm/stat_refresh
	sed -n 's/^nr_iommu_pages //p' /proc/vmstat
}

# Sets $pages to those for a buffer that VFIO has mapped. The program waits at its end, because
# nobody reads what it prints.
vfio_pages() {
	mkfifo /tmp/fifo
	at_exit "rm /tmp/fifo"
	exec 4<>/tmp/fifo
	dd if=/dev/zero bs=64K count=1 >&4 2>/dev/null
	before=$(table_pages)
	examples/vfio-map "$address" "$1" >&4 2>/dev/null &
	program=$!
	for _ in $(seq 100); do
		! grep -q pipe_write "/proc/$program/wchan" || break
		sleep 0.1
	done
	pages=$(($(table_pages) - before))
	mapped=$(cat "/sys/class/kshm/${1#/dev/}/mappings")
	dd bs=64K count=1 <&4 >/dev/null 2>&1
	wait $program
	exec 4<&-
}

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
	sh -c "dmesg | grep -qE 'DMAR: .*fault addr|arm-smmu-v3 .*event 0x10'"

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
if [ -d /sys/module/vfio_iommu_type1 ]; then
	diag "the container of VFIO is its own"
else
	diag "the container of VFIO is that of iommufd"
fi
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
if [ "$(table_pages)" ]; then
	vfio_pages /dev/kshm2
	is "VFIO, 64 MiB: it is mapped" "$mapped" 1
	check "VFIO, 64 MiB are mapped with huge pages: $pages pages of page tables, not 32" \
		[ $pages -lt 16 ]
else
	skip "VFIO, 64 MiB are mapped with huge pages" "Linux before 6.11 does not count"
fi
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
