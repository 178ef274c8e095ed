# SPDX-License-Identifier: GPL-2.0-only
# Buffers of any size: contiguous, zeroed, mapped by 2 MiB entries, THP or not.
# guest: big
# log: no [0-9]+ contiguous bytes
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm/a
thp=/sys/kernel/mm/transparent_hugepage/enabled

# buffer BYTES
buffer() {
	echo "$1" > $dir/size
	log_mark
	is "live with $1 bytes" "$(/t/try write $dir/live 1)" "done"
	log_since | sed -n 's/.*kshm: /# /p'
	is "its backing" "$(cat /sys/class/kshm/kshm0/backing)" contig
	is "its largest mapping" "$(cat /sys/class/kshm/kshm0/folio_size)" 2097152
	run /t/contig /dev/kshm0 "$1"
	echo 0 > $dir/live
}

load buffers=none
mkdir $dir
is "THP is" "$(cat $thp)" "[always] madvise never"
# The largest first: the others then get memory with something in it.
buffer $((1 << 30))
buffer $((513 << 20))
buffer $((5 << 20))
echo never > $thp
buffer $((64 << 20))
buffer $(((6 << 20) + 4096))
echo always > $thp
buffer $(((6 << 20) + 4096))
rmdir $dir
unload
finish
