# SPDX-License-Identifier: GPL-2.0-only
# Buffers of 2 MiB and more are mapped by huge pages, whatever the setting of THP is.
# machine: basic
# default-kernels: [0-9]* realloc* kasan*
set -eu
. ./lib/guest.sh

thp=/sys/kernel/mm/transparent_hugepage/enabled
load buffers=64K,2M,4M,3M,2044K
# The kernel raises it when THP is switched on.
setting /proc/sys/vm/min_free_kbytes "$(cat /proc/sys/vm/min_free_kbytes)"
setting $thp never
for value in never madvise always; do
	echo $value >$thp
	check "transparent_hugepage/enabled is $value" grep -q "\[$value\]" $thp
	run mmap/hugepage /dev/kshm1 /dev/kshm2 /dev/kshm3
	run mmap/hugepage small /dev/kshm0 /dev/kshm4
done
unload
finish
