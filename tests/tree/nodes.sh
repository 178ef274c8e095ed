# SPDX-License-Identifier: GPL-2.0-only
# Buffers of the device tree: what nodes ask for, which of them are refused and why, and that
# buffers come and go with their platform devices. The nodes are those of buffers.dts.
# machine: tree
# kernels: arm64*
# expect-log: wrong-[a-z]+: |platform/wrong-cached: does not snoop the caches|buffer-[a-z]+: error -EBUSY|no [0-9]+ contiguous bytes|reservation "
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

mib=$((1 << 20))
page=$(awk '/^KernelPageSize/ { print $2 * 1024; exit }' /proc/self/smaps)
driver=/sys/bus/platform/drivers/kshm

# node NAME: the node in /dev of the buffer with this label
node() {
	for place in /sys/class/kshm/*; do
		[ "$(cat "$place/name")" != "$1" ] || echo "/dev/${place##*/}"
	done
}

# device_of NODE: the name of its buffer's device in sysfs
device_of() {
	for place in /sys/class/kshm/*; do
		[ "$(cat "$place/device")" != "platform/$1" ] || echo "${place##*/}"
	done
}

# has NODE ATTRIBUTE VALUE
has() {
	is "$1: $2" "$(cat "/sys/class/kshm/$(device_of "$1")/$2")" "$3"
}

# said NODE TEXT: the log says first why there is no buffer of the node
said() {
	is "$1: the log" "$(log_since | sed -n "s/.*kshm $1: //p" | head -n 1)" "$2"
	is "$1: no buffer" "$(device_of "$1")" ""
}

log_mark
load buffers=none
is "the buffers of the tree" "$(cat /sys/class/kshm/kshm*/device | sort | tr '\n' ' ')" \
	"platform/buffer-frames platform/buffer-plain platform/buffer-unmapped platform/buffer-wide "

has buffer-frames name frames
has buffer-frames size $((2 * mib))
has buffer-frames cache wb
has buffer-frames source devicetree
is "source that kshmctl shows" "$($kshmctl list -rn -o SOURCE,ATTACHED frames)" \
	"devicetree platform/buffer-frames"
gives 1 "kshmctl: frames: the buffer is in the device tree
  unbind its device: echo buffer-frames > /sys/bus/platform/drivers/kshm/unbind" destroy frames
wide=$(device_of buffer-wide)
has buffer-wide name "$wide"
has buffer-wide size $(((4660 + page - 1) / page * page))
has buffer-plain name plain
has buffer-plain size $((4 * mib))
has buffer-plain backing reserved
has buffer-plain phys_addr 0x74000000
has buffer-unmapped name unmapped
has buffer-unmapped size $mib
has buffer-unmapped backing carveout
has buffer-unmapped phys_addr 0x75000000
has buffer-unmapped cache wc
frames=$(device_of buffer-frames)
is "buffer-frames: alignment" $(($(cat "/sys/class/kshm/$frames/phys_addr") % (16 * mib))) 0
for node in frames plain unmapped wide; do
	device=$(device_of buffer-$node)
	is "buffer-$node: dma_addr, without an IOMMU" "$(cat "/sys/class/kshm/$device/dma_addr")" \
		"$(cat "/sys/class/kshm/$device/phys_addr")"
done
is "/proc/iomem has what the kernel does not map" \
	"$(sed -n 's/^ *\([0-9a-f-]*\) : unmapped$/\1/p' /proc/iomem)" 75000000-750fffff

number="size, alignment and kshm,addr-bits are numbers of one or two cells"
parts="needs a size or a memory-region; alignment is a power of two, kshm,addr-bits 24 to 64"
refused="error -EINVAL: "
said wrong-empty "$refused$parts"
said wrong-size "$refused$number"
said wrong-alignment "$refused$parts"
said wrong-bits "$refused$number"
said wrong-label "${refused}bad label; 1 to 31 of A-Z a-z 0-9 _ . -, and not kshmN"
said wrong-cache "${refused}bad kshm,cache; wb, wc or uc"
said wrong-both "${refused}an address or reserve_mem excludes node, addr_bits, align and addr_min/max"
said wrong-keep "${refused}keep needs a physical address or reserve_mem"
said wrong-region "${refused}memory-region is no memory that was reserved at boot"
said wrong-phandle "${refused}memory-region refers to nothing"
said wrong-movable "${refused}memory-region is reusable, so the kernel uses it itself"
said wrong-unaligned "${refused}memory-region does not begin with a page"
said wrong-length "${refused}memory-region is smaller than size"
said wrong-cached "error -EOPNOTSUPP: the buffer cannot be made"
is "wrong-large: the log" "$(log_since | grep -c 'no 1099511627776 contiguous bytes')" 1
is "wrong-large: no buffer" "$(device_of wrong-large)" ""

for program in file/rw mmap/basic mmap/madvise mmap/share mmap/procfs gup/zerocopy abi/errno-mmap \
	device/sync; do
	run $program "$(node frames)"
	run $program "$(node plain)"
done
run carveout/access "$(node unmapped)" 0x75000000 $mib

# keep
pattern fill "$(node plain)" 1
echo buffer-plain >$driver/unbind
is "after unbind: no buffer" "$(device_of buffer-plain)" ""
echo buffer-plain >$driver/bind
has buffer-plain name plain
check "keep: the pattern after bind" pattern check "$(node plain)" 1

# What is open stays, and keeps its memory.
echo hello >"$(node frames)"
exec 3<"$(node frames)" 4<>"$(node plain)" 5<>"$(node unmapped)"
for node in frames plain unmapped; do
	echo buffer-$node >$driver/unbind
done
is "an open file after unbind" "$(head -c 5 <&3)" hello
for node in plain unmapped; do
	is "bind while buffer-$node is open" "$(xcall write $driver/bind buffer-$node)" EBUSY
done
echo buffer-frames >$driver/bind
check "a new buffer beside it: zeros" pattern zero "$(node frames)" 0
is "unload while a file is open" "$(modctl unload 2>&1)" EAGAIN
exec 3<&- 4<&- 5<&-
for node in plain unmapped; do
	echo buffer-$node >$driver/bind
	has buffer-$node name $node
done
check "without keep: zeros" pattern zero "$(node unmapped)" 0
unload
check "no driver after unload" test ! -e $driver

load buffers=2M
is "beside buffers=" "$(cat /sys/class/kshm/kshm0/name)" kshm0
has buffer-frames name frames
unload
finish
