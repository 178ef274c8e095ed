# SPDX-License-Identifier: GPL-2.0-only
# The size in largest can be allocated, and noticeably more cannot.
# machine: big
# default-kernels: oldest 6.12 newest
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

# largest_is_true TITLE: this size succeeds, and noticeably more does not. It is true of its
# moment only: the kernel may allocate or free a page before the next request. So there are
# five attempts.
largest_is_true() {
	for _ in 1 2 3 4 5; do
		largest=$(cat $dir/largest)
		set_attrs size "$largest"
		exact=$(xcall write $dir/live 1)
		size=$(cat $device/size 2>/dev/null || true)
		set_attrs live 0 size $((largest + largest / 8 + (16 << 20)))
		more=$(xcall write $dir/live 1)
		set_attrs live 0
		[ "$exact $more" != "success ENOMEM" ] || break
		diag "$1: $largest bytes: $exact, an eighth and 16M more: $more"
	done
	is "$1: largest is whole pages" $((largest % 4096)) 0
	is "$1: the size in largest: success" "$exact" success
	is "$1: the buffer has the size in largest" "$size" "$largest"
	is "$1: an eighth and 16M more: ENOMEM" "$more" ENOMEM
}

# from MIB: this far after the start of the memory, decimal
from() {
	echo $((KSHM_RAM + ($1 << 20)))
}

bits=$(ram_bits $((1 << 30)))
defragment
load buffers=none
mkdir $dir
largest_is_true "no limit"
set_attrs addr_bits "$bits"
largest_is_true "the first 1024M"
set_attrs addr_min "$(from 512)"
largest_is_true "from 512M to 1024M"
check "from 512M to 1024M: largest is at most 512M" [ "$largest" -le $((512 << 20)) ]
set_attrs align 64M
largest_is_true "from 512M to 1024M, align=64M"
set_attrs align 0 addr_bits 0 addr_min "$(from 1100)" addr_max "$(from 1500)"
largest=$(cat $dir/largest)
check "from 1100M to 1500M: largest, $largest, is at most 400M" \
	[ "$largest" -le $((400 << 20)) ]
set_attrs size "$largest"
is "from 1100M to 1500M: the size in largest" "$(xcall write $dir/live 1)" success
rmdir $dir
unload
finish
