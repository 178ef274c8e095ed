# SPDX-License-Identifier: GPL-2.0-only
# Buffers of any size are contiguous, zeroed and mapped by huge pages, with THP or without.
# machine: whole
# expect-log: no [0-9]+ contiguous bytes
# default-kernels: oldest 6.1 6.12 newest
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/a
thp=/sys/kernel/mm/transparent_hugepage/enabled

# buffer BYTES
buffer() {
	attempt $dir "$1"
	is "$1 bytes: live=1" "$attempt_result" success
	log_since | sed -n 's/.*kshm: /# /p'
	is "$1 bytes: backing" "$(cat /sys/class/kshm/kshm0/backing)" contig
	is "$1 bytes: folio_size" "$(cat /sys/class/kshm/kshm0/folio_size)" 2097152
	run alloc/sizes /dev/kshm0 "$1"
	echo 0 >$dir/live
}

defragment
load buffers=none
mkdir $dir
# The kernel raises it when THP is switched on.
setting /proc/sys/vm/min_free_kbytes "$(cat /proc/sys/vm/min_free_kbytes)"
setting $thp always
# The largest first: the others then get memory that was used before.
buffer $((1 << 30))
buffer $((513 << 20))
buffer $((5 << 20))
echo never >$thp
buffer $((64 << 20))
buffer $(((6 << 20) + 4096))
echo always >$thp
buffer $(((6 << 20) + 4096))
rmdir $dir
unload
finish
