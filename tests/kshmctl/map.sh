# SPDX-License-Identifier: GPL-2.0-only
# kshmctl map: buffers, free memory, page cache and hugetlb pages are told apart.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

# sum COLUMN: MiB of this kind on all nodes
sum() {
	$kshmctl map -rnb -o "$1" | awk '{ n += $1 } END { printf "%d\n", n / 1048576 }'
}

# around TITLE GOT WANT PERCENT
around() {
	check "$1: $2, want $3" [ $(($2 * 100)) -ge $(($3 * (100 - $4))) ]
	check "$1: $2, no more than $3" [ $(($2 * 100)) -le $(($3 * (100 + $4))) ]
}

# The columns of the 2 MiB at the buffer's address.
unit() {
	$kshmctl map --unit 2M -rnb -o "START,$1" | sed -n "s/^$addr //p"
}

load buffers=none
defragment
around "free memory in MiB" "$(sum FREE)" "$(awk '/^MemFree/ { print int($2 / 1024) }' /proc/meminfo)" 10
page=$(awk '/^KernelPageSize/ { print $2 * 1024; exit }' /proc/self/smaps)
around "all memory in MiB" "$(sum SIZE)" \
	"$(awk -v page="$page" '$1 == "present" { n += $2 } END { print int(n * page / 1048576) }' /proc/zoneinfo)" 2

# A buffer, and what was one.
is "no buffer" "$(sum KSHM)" 0
is "no buffer in the picture" "$($kshmctl map --unit 2M | grep ^0x | tr -cd K | wc -c)" 0
gives 0 /dev/kshm0 create one --size 32M
addr=$(cat /sys/class/kshm/kshm0/phys_addr)
addr=$(printf '0x%x' "$addr")
is "a buffer of 32 MiB" "$(sum KSHM)" 32
is "its first 2 MiB" "$(unit SIZE,FREE,MOVABLE,UNMOVABLE,KSHM)" "2097152 0 0 0 2097152"
is "characters of the buffer" "$($kshmctl map --unit 2M | grep ^0x | tr -cd K | wc -c)" 16
is "the sum below the picture" "$($kshmctl map | grep -c '^free .*, movable .*, unmovable .*, kshm 32M$')" 1
gives 0 "" destroy one
is "no buffer again" "$(sum KSHM)" 0
is "no page of its first 2 MiB is the buffer's" "$(unit KSHM)" 0

# in_file MIB: whether so much more is movable now
# shellcheck disable=SC2317 # until_true calls it
in_file() {
	[ $(($(sum MOVABLE) - before)) -ge "$1" ]
}

# Page cache is movable. What others free or allocate meanwhile passes.
defragment
before=$(sum MOVABLE)
mounted -t tmpfs -o size=100M tmpfs /mnt/map
dd if=/dev/zero of=/mnt/map/file bs=1M count=64 2>/dev/null
check "64 MiB in a file are movable" until_true in_file 62
rm /mnt/map/file

# Contiguous memfds and hugetlb pages are not. Pages that were just freed can be in lists of the
# processors, and look unmovable, too, until somebody needs a range of pages.
before=$(sum UNMOVABLE)
taken=$(with-memfd 134217728 $kshmctl map -rnb -o UNMOVABLE | awk '{ n += $1 } END { print int(n / 1048576) }')
check "a memfd of 128 MiB is unmovable" [ $((taken - before)) -ge 64 ]
if [ -e /proc/sys/vm/nr_hugepages ]; then
	before=$(sum UNMOVABLE)
	setting /proc/sys/vm/nr_hugepages 64
	taken=$(($(cat /proc/sys/vm/nr_hugepages) * 2))
	check "hugetlb pages of $taken MiB are unmovable" [ $(($(sum UNMOVABLE) - before)) -ge $((taken / 2)) ]
	echo 0 >/proc/sys/vm/nr_hugepages
fi

# The longest range is free or movable as a whole.
line=$($kshmctl map -b | sed -n 's/^longest range without unmovable pages: //p')
longest=${line%% *} at=${line##* }
check "the longest range has memory" [ "$longest" -gt $((64 << 20)) ]
is "unmovable pages from $at on, $longest bytes" "$($kshmctl map --unit 2M -rnb -o START,UNMOVABLE |
	while read -r start bytes; do
		[ $((start)) -lt $((at)) ] || [ $((start + 2097152)) -gt $((at + longest)) ] || echo "$bytes"
	done | awk '{ n += $1 } END { print n + 0 }')" 0

# How it looks.
is "JSON" "$(json map --json --unit 1G -o NODE,START | cut -c1-30)" '{"map":[{"node":0,"start":"0x0'
is "--list has headings" "$($kshmctl map --list | head -n 1 | tr -s ' ')" \
	"NODE START SIZE FREE MOVABLE UNMOVABLE KSHM"
escape=$(printf '\033')
is "no colours where there is no terminal" "$($kshmctl map | grep -c "$escape")" 0
check "--color always" [ "$($kshmctl map --color always | grep -c "$escape")" -gt 0 ]
is "64 characters in a line" "$($kshmctl map | grep ^0x | head -n 1 | wc -c)" 80
gives 2 "kshmctl: --unit is a power of two, at least a page
Try 'kshmctl map --help'." map --unit 3M
gives 2 "kshmctl: --unit is a power of two, at least a page
Try 'kshmctl map --help'." map --unit 1K
gives 2 "kshmctl: --color is auto, always or never
Try 'kshmctl map --help'." map --color blue
is "as a user" "$(runas "$outsider_uid" "$outsider_gid" $kshmctl map 2>&1)" "kshmctl: /proc/kpageflags: Permission denied
  only root may look at physical memory: use sudo"
unload
finish
