# SPDX-License-Identifier: GPL-2.0-only
# configfs: a buffer in memory that the kernel was told not to use.
# guest: carveout
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm/video

# live ERRNO TEXT: make it live
live() {
	is "$2: $1" "$(/t/try write $dir/live 1)" "$1"
}

claims() {
	grep -c '^ *30000000-33ffffff : video$' /proc/iomem || true
}

load buffers=none
mkdir $dir
echo 64M > $dir/size
echo 0x30000000 > $dir/phys_addr
live "done" "the range that memmap= left out"
is "its address" "$(cat /sys/class/kshm/kshm0/phys_addr)" 0x30000000
is "its size" "$(cat /sys/class/kshm/kshm0/size)" 67108864
is "its backing" "$(cat /sys/class/kshm/kshm0/backing)" carveout
is "its largest mapping" "$(cat /sys/class/kshm/kshm0/folio_size)" 4096
is "it is claimed" "$(claims)" 1
echo "through configfs" > /dev/kshm0
is "it holds what is written" "$(head -n 1 /dev/kshm0)" "through configfs"

mkdir ${dir}2
echo 4K > ${dir}2/size
echo 0x33fff000 > ${dir}2/phys_addr
is "a page of it for another buffer: EBUSY" "$(/t/try write ${dir}2/live 1)" EBUSY
exec 3<> /dev/kshm0
echo 0 > $dir/live
is "it stays claimed while it is open" "$(claims)" 1
is "and so does its page: EBUSY" "$(/t/try write ${dir}2/live 1)" EBUSY
exec 3>&-
is "it is free with the last user" "$(claims)" 0
is "then the page can be had" "$(/t/try write ${dir}2/live 1)" "done"
live EBUSY "and the whole cannot"
rmdir ${dir}2
live "done" "now the whole can"
is "it is zeroed" "$(tr -d '\0' < /dev/kshm0 | wc -c)" 0
echo 0 > $dir/live

echo 0x2ffff000 > $dir/phys_addr
live EBUSY "a page of RAM before it"
echo 0x30001000 > $dir/phys_addr
live EBUSY "a page of RAM after it"
echo 0x30000000 > $dir/phys_addr
echo 0 > $dir/node
live EINVAL "a node besides the address"
echo -1 > $dir/node
echo 32 > $dir/addr_bits
live EINVAL "addr_bits besides the address"
echo 0 > $dir/addr_bits
echo > $dir/phys_addr
echo 8M > $dir/size
live "done" "without the address"
is "it is RAM again" "$(cat /sys/class/kshm/kshm0/backing)" contig
rmdir $dir
unload
finish
