# SPDX-License-Identifier: GPL-2.0-only
# On two nodes and 8 GiB, node and addr_bits decide where a buffer is; memory that holds a
# buffer does not go offline.
# machine: numa
# expect-log: no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/a
device=/sys/class/kshm/kshm0
memory=/sys/devices/system/memory
block_size=$((0x$(cat $memory/block_size_bytes)))
limit=4294967296

# block ADDRESS: the directory of the memory block that holds it
block() {
	echo "memory$(($1 / block_size))"
}

# live NODE ADDR_BITS SIZE ERRNO
live() {
	echo "$1" > $dir/node
	echo "$2" > $dir/addr_bits
	echo "$3" > $dir/size
	is "node $1, addr_bits $2, $3: live=1" "$(xcall write $dir/live 1)" "$4"
}

# placed NODE ADDR_BITS SIZE: made, at an address that fits
placed() {
	live "$1" "$2" "$3" success
	start=$(($(cat $device/phys_addr)))
	end=$((start + $(cat $device/size)))
	text="node $1, addr_bits $2, $3, at $(cat $device/phys_addr)"
	if [ "$1" != -1 ]; then
		is "$text: node" "$(cat $device/node)" "$1"
	fi
	node=$(cat $device/node)
	at=$((start / block_size))
	while [ $((at * block_size)) -lt $end ]; do
		check "$text: memory$at belongs to node $node" \
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
is "nodes with memory" "$(cat /sys/devices/system/node/has_memory)" 0-1
for size in $sizes; do
	for node in -1 0 1; do
		placed "$node" 0 "$size"
		placed "$node" 33 "$size"
	done
	placed -1 32 "$size"
	placed 0 32 "$size"
	live 1 32 "$size" ENOMEM
done
placed -1 32 1G
placed 0 0 1G
placed 1 0 512M
live 0 31 3G ENOMEM
live -1 32 5G ENOMEM
is "write 2 to node" "$(xcall write $dir/node 2)" EINVAL

# Memory above 4 GiB is used first: low memory is for devices that need it.
echo -1 > $dir/node
echo 0 > $dir/addr_bits
echo 64M > $dir/size
echo 1 > $dir/live
case $KSHM_KERNEL in
*kasan*)
	skip "64M without addr_bits is above 4 GiB" "KASAN's own memory is what node 0 has there"
	;;
*)
	check "64M without addr_bits is above 4 GiB" [ $(($(cat $device/phys_addr))) -ge $limit ]
	;;
esac
echo 0 > $dir/live

# A memory block goes offline, but not while it holds a part of a buffer: then that is
# refused, and the buffer keeps its contents.
live 1 0 512M success
start=$(($(cat $device/phys_addr)))
dd if=/dev/urandom of=/tmp/4M bs=4M count=1 2>/dev/null
parts=$(seq 0 16 127)
for part in $parts; do
	dd if=/tmp/4M of=/dev/kshm0 bs=4M count=1 seek="$part" conv=notrunc 2>/dev/null
done
middle=$memory/$(block $((start + (256 << 20))))
for state in $memory/$(block $((start + (512 << 20) - 1)))/state $middle/state; do
	is "offline to $state with a part of a buffer" "$(xcall write "$state" offline)" EBUSY
	is "$state after that" "$(cat "$state")" online
done
same=0
for part in $parts; do
	! dd if=/dev/kshm0 bs=4M count=1 skip="$part" 2>/dev/null | cmp -s - /tmp/4M ||
		same=$((same + 1))
done
is "of 8 samples of the buffer, those unchanged" $same 8
rm /tmp/4M
echo 0 > $dir/live
is "offline to ${middle##*/} without a buffer" "$(xcall write "$middle/state" offline)" success
live 1 0 512M success
from=$(($(cat $device/phys_addr) / block_size))
to=$((($(cat $device/phys_addr) + (512 << 20) - 1) / block_size))
outside=yes
if [ "${middle##*memory}" -ge $from ] && [ "${middle##*memory}" -le $to ]; then
	outside=no
fi
is "${middle##*/}, which is offline, is not among memory$from to memory$to of a new buffer" \
	$outside yes
echo 0 > $dir/live
is "online to ${middle##*/}" "$(xcall write "$middle/state" online)" success
placed 1 0 512M
placed -1 0 64M

# in_range NODE FROM TO SIZE ERRNO: addr_min and addr_max FROM and TO GiB, and a node
in_range() {
	echo $(($2 << 30)) > $dir/addr_min
	echo $((($3 << 30) - 1)) > $dir/addr_max
	live "$1" 0 "$4" "$5"
	[ "$5" = success ] || return 0
	start=$(($(cat $device/phys_addr)))
	end=$((start + $(cat $device/size)))
	check "node $1, $4 in $2 to $3 GiB: starts in there" [ $start -ge $(($2 << 30)) ]
	check "node $1, $4 in $2 to $3 GiB: ends in there" [ $end -le $(($3 << 30)) ]
	if [ "$1" != -1 ]; then
		is "node $1, $4 in $2 to $3 GiB: node" "$(cat $device/node)" "$1"
	fi
	echo 0 > $dir/live
}

for size in 64K 3M 64M; do
	in_range -1 1 4 $size success
	in_range -1 6 7 $size success
	in_range 0 1 3 $size success
	in_range 1 6 8 $size success
	in_range 0 6 8 $size ENOMEM
	in_range 1 1 4 $size ENOMEM
done
rmdir $dir
unload
finish
