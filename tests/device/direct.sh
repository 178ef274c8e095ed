# SPDX-License-Identifier: GPL-2.0-only
# A buffer is attached to a device without an IOMMU: addresses, memory that it reaches, errors.
# machine: device
# kernels: [0-9]* realloc* arm64*
# default-kernels: newest
# expect-log: (pci|platform)/.*: (the device does not reach the memory|does no DMA|does not snoop)|no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh
. ./lib/edu.sh

edu=$(edu_devices)
bits=$(ram_bits $((1 << 28)))
address=${edu##*/}
check "the machine has edu" [ -n "$edu" ]

# puts TEXT ERRNO: write it to the file device of the directory a
puts() {
	is "write '$1' to device: $2" "$(xcall write $kshm_dir/a/device "$1")" "$2"
}

load "buffers=64K/addr_bits=$bits"
is "no device: dma_addr is an empty line" "$(wc -c </sys/class/kshm/kshm0/dma_addr)" 1
is "no device: device is an empty line" "$(wc -c </sys/class/kshm/kshm0/device)" 1
run device/sync /dev/kshm0
run device/sync-32 /dev/kshm0
status=0
examples/edu "$address" /dev/kshm0 >/tmp/out 2>&1 || status=$?
is "the example with a buffer that is not attached" "$status $(cat /tmp/out)" \
	"0 $address has the 65536 bytes of /dev/kshm0 at $(cat /sys/class/kshm/kshm0/phys_addr) and copied 256 of them"

mkdir $kshm_dir/a
is "device of a new directory: an empty line" "$(wc -c <$kshm_dir/a/device)" 1
echo 1M >$kshm_dir/a/size
for text in x pci /x pci/ pci/a/b "pci/a b" pci// \
	pci/12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012; do
	puts "$text" EINVAL
done
is "device is unchanged after errors" "$(cat $kshm_dir/a/device)" ""
for text in pci/0000:1f:1f.7 "pci/$address.0" pci/0 usb/1-1 "platform/$address" platform/none; do
	puts "$text" success
	is "device reads what was written" "$(cat $kshm_dir/a/device)" "$text"
	is "live with the device $text" "$(live a)" ENODEV
	is "largest with the device $text" "$(cat $kshm_dir/a/largest)" 0
done
puts '\n' success
is "device after an empty line" "$(cat $kshm_dir/a/device)" ""

puts "pci/$address" success
echo "$bits" >$kshm_dir/a/addr_bits
check "largest with the device" [ "$(cat $kshm_dir/a/largest)" -gt 1048576 ]
is "attach" "$(live a)" success
puts "pci/$address" EBUSY
is "device in sysfs" "$(sysfs a device)" "pci/$address"
is "without an IOMMU dma_addr is phys_addr" "$(sysfs a dma_addr)" "$(sysfs a phys_addr)"
status=0
examples/edu "$address" "$(node a)" >/tmp/out 2>&1 || status=$?
is "the example with the attached buffer" "$status $(cat /tmp/out)" \
	"0 $address has the 1048576 bytes of $(node a) at $(sysfs a dma_addr) and copied 256 of them"
rm /tmp/out
run device/sync "$(node a)"
run device/sync-32 "$(node a)"

# A device without a driver has a mask of 32 bits; the request can say more.
for n in 1 2 3; do
	prepare b$n 64K "pci/$address"
	echo "$bits" >$kshm_dir/b$n/addr_bits
	is "buffer $n more on the same device" "$(live b$n)" success
	check "buffer $n more: the device copies" edu-copy "$edu" "$(node b$n)" "$(sysfs b$n dma_addr)"
done
check "the first buffer: the device copies" edu-copy "$edu" "$(node a)" "$(sysfs a dma_addr)"
rmdir $kshm_dir/b2
is "the others are still attached" "$(sysfs b1 device) $(sysfs b3 device)" \
	"pci/$address pci/$address"
rmdir $kshm_dir/b1 $kshm_dir/b3 $kshm_dir/a

prepare a 64K "pci/$address"
echo 64 >$kshm_dir/a/addr_bits
is "addr_bits=64 for a device without a driver" "$(live a)" success
rmdir $kshm_dir/a
prepare a 1M "pci/$address"
echo 24 >$kshm_dir/a/addr_bits
is "memory that the device reaches is not to be had" "$(live a)" ENOMEM
rmdir $kshm_dir/a

# mem= and memmap= leave memory that has struct pages or not
prepare a 64K "pci/$address"
at 0 >$kshm_dir/a/phys_addr
# With a device tree it is known only while a driver is bound whether the device snoops.
[ "$(uname -m)" = x86_64 ] || {
	is "attach a carveout to a device without a driver" "$(live a)" EOPNOTSUPP
	echo wc >$kshm_dir/a/cache
}
is "attach a carveout" "$(live a)" success
is "a carveout: dma_addr is phys_addr" "$(sysfs a dma_addr)" "$(at 0)"
status=0
examples/edu "$address" "$(node a)" >/dev/null 2>&1 || status=$?
is "the example with a carveout" $status 0
run device/sync "$(node a)"
rmdir $kshm_dir/a
prepare a 64K "pci/$address"
at 0 >$kshm_dir/a/phys_addr
if [ -d /sys/bus/platform/devices/pcspkr ]; then
	echo platform/pcspkr >$kshm_dir/a/device
	is "attach to a platform device" "$(live a)" success
	is "a platform device: device in sysfs" "$(sysfs a device)" platform/pcspkr
fi
rmdir $kshm_dir/a
unload

load buffers=none restrict_phys_addr=1
prepare a 64K "pci/$address"
is "attach with restrict_phys_addr=1" "$(live a)" success
is "restrict_phys_addr=1: mode of dma_addr" \
	"$(stat -c %a "/sys/class/kshm/$(cat $kshm_dir/a/dev_name)/dma_addr")" 400
chmod 666 "$(node a)"
dma=$(sysfs a dma_addr)
is "restrict_phys_addr=1: root finds dma_addr in" \
	"$(find-address "$dma" | grep dma_addr)" /sys/devices/virtual/kshm/kshm0/dma_addr
is "restrict_phys_addr=1: another user finds dma_addr in" \
	"$(runas $outsider_uid $outsider_gid find-address "$dma")" ""
rmdir $kshm_dir/a
unload
finish
