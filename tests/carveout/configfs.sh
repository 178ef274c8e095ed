# SPDX-License-Identifier: GPL-2.0-only
# configfs makes a carveout with phys_addr, in memory that memmap= reserves.
# machine: carveout
# default-kernels: oldest newest kasan
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/video
end=$((64 << 20))
all=$(printf '%x-%x' "$KSHM_RESERVED" $((KSHM_RESERVED + end - 1)))

# live RESULT TITLE: make it live
live() {
	is "$2" "$(xcall write $dir/live 1)" "$1"
}

claims() {
	grep -c "^ *$all : video\$" /proc/iomem || true
}

load buffers=none
mkdir $dir
echo 64M >$dir/size
at 0 >$dir/phys_addr
live success "live=1 for all reserved memory"
is "phys_addr" "$(cat /sys/class/kshm/kshm0/phys_addr)" "$(at 0)"
is "size" "$(cat /sys/class/kshm/kshm0/size)" $end
is "backing" "$(cat /sys/class/kshm/kshm0/backing)" carveout
is "folio_size" "$(cat /sys/class/kshm/kshm0/folio_size)" 4096
is "claims in /proc/iomem" "$(claims)" 1
echo "through configfs" >/dev/kshm0
is "bytes that were written" "$(head -n 1 /dev/kshm0)" "through configfs"

mkdir ${dir}2
echo 4K >${dir}2/size
at $((end - 4096)) >${dir}2/phys_addr
is "live=1 for a page of it with another name" "$(xcall write ${dir}2/live 1)" EBUSY
exec 3<>/dev/kshm0
echo 0 >$dir/live
is "claims after live=0, while the device is open" "$(claims)" 1
is "live=1 for the page, while the device is open" "$(xcall write ${dir}2/live 1)" EBUSY
exec 3>&-
is "claims after close" "$(claims)" 0
is "live=1 for the page after close" "$(xcall write ${dir}2/live 1)" success
live EBUSY "live=1 for all, while the page is used"
rmdir ${dir}2
live success "live=1 for all, after the page"
is "bytes that are not zero" "$(tr -d '\0' </dev/kshm0 | wc -c)" 0
echo 0 >$dir/live

at -4096 >$dir/phys_addr
live EBUSY "live=1 from a page before reserved memory"
at 4096 >$dir/phys_addr
live EBUSY "live=1 to a page after reserved memory"
at 0 >$dir/phys_addr
echo 0 >$dir/node
live EINVAL "live=1 with phys_addr and node"
echo -1 >$dir/node
echo 32 >$dir/addr_bits
live EINVAL "live=1 with phys_addr and addr_bits"
echo 0 >$dir/addr_bits
echo >$dir/phys_addr
echo 8M >$dir/size
live success "live=1 without phys_addr"
is "backing without phys_addr" "$(cat /sys/class/kshm/kshm0/backing)" contig
rmdir $dir
unload
finish
