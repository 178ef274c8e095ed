# SPDX-License-Identifier: GPL-2.0-only
# Two nodes and more than 8 GiB: node and addr_bits mean what they say, and memory with a
# buffer in it does not go offline.
# guest: numa
# log: no [0-9]+ contiguous bytes
# plain: 5.10 7.3
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm/a
device=/sys/class/kshm/kshm0
memory=/sys/devices/system/memory
block_size=$((0x$(cat $memory/block_size_bytes)))
limit=4294967296

# block ADDRESS: the directory of the memory block that holds it
block() {
	echo "memory$(($1 / block_size))"
}

# wants NODE ADDR_BITS SIZE ERRNO
wants() {
	echo "$1" > $dir/node
	echo "$2" > $dir/addr_bits
	echo "$3" > $dir/size
	is "node $1, addr_bits $2, $3: $4" "$(/t/try write $dir/live 1)" "$4"
}

# placed NODE ADDR_BITS SIZE: made, and lies where it should
placed() {
	wants "$1" "$2" "$3" "done"
	start=$(($(cat $device/phys_addr)))
	end=$((start + $(cat $device/size)))
	text="node $1, addr_bits $2, $3, at $(cat $device/phys_addr)"
	if [ "$1" != -1 ]; then
		is "$text: node" "$(cat $device/node)" "$1"
	fi
	node=$(cat $device/node)
	at=$((start / block_size))
	while [ $((at * block_size)) -lt $end ]; do
		check "$text: memory$at is of node $node" \
			[ -e "/sys/devices/system/node/node$node/memory$at" ]
		at=$((at + 1))
	done
	case $2 in
	32) check "$text: below 4 GiB" [ $end -le $limit ] ;;
	33) check "$text: below 8 GiB" [ $end -le $((2 * limit)) ] ;;
	esac
	echo 0 > $dir/live
}

sizes='4K 64K 1M 3M 4M 6148K 64M 512M'

load buffers=none
mkdir $dir
is "two nodes" "$(cat /sys/devices/system/node/has_memory)" 0-1
for size in $sizes; do
	for node in -1 0 1; do
		placed "$node" 0 "$size"
		placed "$node" 33 "$size"
	done
	placed -1 32 "$size"
	placed 0 32 "$size"
	wants 1 32 "$size" ENOMEM
done
placed -1 32 1G
placed 0 0 1G
placed 1 0 512M
wants 0 31 3G ENOMEM
wants -1 32 5G ENOMEM
is "node 2" "$(/t/try write $dir/node 2)" EINVAL

# What is above 4 GiB comes first: low memory is for devices that need it.
echo -1 > $dir/node
echo 0 > $dir/addr_bits
echo 64M > $dir/size
echo 1 > $dir/live
if [ "$KVER" = kasan ]; then
	skip "without addr_bits: above 4 GiB" "KASAN's own memory is what node 0 has there"
else
	check "without addr_bits: above 4 GiB" [ $(($(cat $device/phys_addr))) -ge $limit ]
fi

echo 0 > $dir/live

# A block of memory goes offline, but not while it holds a part of a buffer: that is
# refused, and the buffer has its contents.
wants 1 0 512M "done"
start=$(($(cat $device/phys_addr)))
dd if=/dev/urandom of=/tmp/4M bs=4M count=1 2>/dev/null
parts=$(seq 0 16 127)
for part in $parts; do
	dd if=/tmp/4M of=/dev/kshm0 bs=4M count=1 seek="$part" conv=notrunc 2>/dev/null
done
middle=$memory/$(block $((start + (256 << 20))))
for state in $memory/$(block $((start + (512 << 20) - 1)))/state $middle/state; do
	is "$state with a buffer: offline" "$(/t/try write "$state" offline)" EBUSY
	is "$state is still" "$(cat "$state")" online
done
same=0
for part in $parts; do
	! dd if=/dev/kshm0 bs=4M count=1 skip="$part" 2>/dev/null | cmp -s - /tmp/4M ||
		same=$((same + 1))
done
is "parts of the buffer that have their contents" $same 8
rm /tmp/4M
echo 0 > $dir/live
is "${middle##*/} without a buffer: offline" "$(/t/try write "$middle/state" offline)" "done"
wants 1 0 512M "done"
from=$(($(cat $device/phys_addr) / block_size))
to=$((($(cat $device/phys_addr) + (512 << 20) - 1) / block_size))
outside=yes
if [ "${middle##*memory}" -ge $from ] && [ "${middle##*memory}" -le $to ]; then
	outside=no
fi
is "the buffer in memory$from to memory$to is outside ${middle##*/}" $outside yes
echo 0 > $dir/live
is "${middle##*/}: online" "$(/t/try write "$middle/state" online)" "done"
placed 1 0 512M
placed -1 0 64M
rmdir $dir
unload
finish
