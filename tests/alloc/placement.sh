# SPDX-License-Identifier: GPL-2.0-only
# A buffer is where align, addr_min, addr_max and addr_bits allow.
# machine: basic
# expect-log: no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/a
device=/sys/class/kshm/kshm0

# set_attrs ATTRIBUTE VALUE...
set_attrs() {
	while [ $# -gt 0 ]; do
		echo "$2" >"$dir/$1"
		shift 2
	done
}

# live_gives TITLE ERRNO
live_gives() {
	is "$1: $2" "$(xcall write $dir/live 1)" "$2"
}

# placed TITLE ALIGN MIN END: make it live; it starts at a multiple of ALIGN, at MIN or
# higher, and ends at END or lower. Sets start.
placed() {
	live_gives "$1" success
	[ -e $device ] || return 0
	start=$(($(cat $device/phys_addr)))
	end=$((start + $(cat $device/size)))
	set_attrs live 0
	check "$1: starts at a multiple of $2" [ $((start % $2)) = 0 ]
	check "$1: starts at $3 or higher" [ $start -ge "$3" ]
	check "$1: ends at $4 or lower" [ $end -le "$4" ]
}

mib() {
	echo $(($1 << 20))
}

address_bits() {
	# the kernel and what it cannot move have low addresses; with KASAN that is most of them
	case $KSHM_KERNEL/$size in
	*kasan*/* | */64M) limits='512 1024' ;;
	*) limits='256 512 1024' ;;
	esac
	for bits in $(for limit in $limits; do ram_bits $(($(mib "$limit"))); done | uniq); do
		set_attrs addr_bits "$bits"
		placed "$size, addr_bits=$bits" 4096 0 $((1 << bits))
	done
	set_attrs addr_bits 0
}

alignment() {
	for align in 64K 2M 4M 16M 64M; do
		set_attrs align $align
		placed "$size, align=$align" "$(cat $dir/align)" 0 $ram_end
	done
	set_attrs align 0
}

address_range() {
	for min in 96 256 384; do
		start=$((KSHM_RAM + $(mib $min)))
		set_attrs addr_min $start addr_max $((start + $(mib 448) - 1))
		placed "$size, from ${min}M on, 448M up to addr_max" 4096 \
			$start $((start + $(mib 448)))
	done
	bits=$(ram_bits 0x20000000)
	start=$((KSHM_RAM + $(mib 96)))
	set_attrs addr_min $start addr_max 0 align 16M addr_bits "$bits"
	placed "$size, from 96M on, align=16M, addr_bits=$bits" "$(mib 16)" \
		$start $((1 << bits))
	set_attrs addr_min 0 align 0 addr_bits 0
}

# At a place where there has just been a buffer.
tightest_range() {
	set_attrs size 64M
	placed "64M anywhere" 4096 0 $ram_end
	at=$start
	last=$((at + $(mib 64) - 1))
	set_attrs addr_min "$at" addr_max "$last"
	placed "64M, a range of 64M" 4096 "$at" $((last + 1))
	set_attrs addr_max $((last - 1))
	live_gives "64M, addr_max a byte too low" EINVAL
	set_attrs addr_min $((at + 1)) addr_max "$last"
	live_gives "64M, addr_min a byte too high" EINVAL
	set_attrs addr_min $((at + 4096)) addr_max $((at + 4096))
	live_gives "64M, a range of one byte" EINVAL
	set_attrs addr_max "$at"
	live_gives "64M, addr_max below addr_min" EINVAL
	set_attrs addr_min 0 addr_max 0
}

outside_of_memory() {
	set_attrs size 4K addr_min 1024G
	live_gives "4K above all memory" ENOMEM
	is "largest above all memory" "$(cat $dir/largest)" 0
	set_attrs addr_min 0 addr_max 1
	live_gives "4K, addr_max=1" EINVAL
	is "largest, addr_max=1" "$(cat $dir/largest)" 0
	set_attrs addr_max 0
}

ram_end=$((KSHM_RAM + $(mib 1024)))
defragment
load buffers=none
mkdir $dir
case $KSHM_KERNEL in
*kasan*) sizes='64K 3M 64M' ;;
*) sizes='64K 1M 3M 4M 8M 64M' ;;
esac
for size in $sizes; do
	set_attrs size "$size"
	address_bits
	alignment
	address_range
done
tightest_range
outside_of_memory
rmdir $dir
unload
finish
