# SPDX-License-Identifier: GPL-2.0-only
# Buffers of 2 MiB and more are mapped by 2 MiB entries, whatever the
# administrator set for transparent huge pages.
# guest: basic
set -eu
. ./lib.sh

thp=/sys/kernel/mm/transparent_hugepage/enabled
load buffers=64K,2M,4M,3M,2044K
for setting in never madvise always; do
	echo $setting > $thp
	check "transparent huge pages: $setting" grep -q "\[$setting\]" $thp
	run /t/hugemap /dev/kshm1 /dev/kshm2 /dev/kshm3
	run /t/hugemap small /dev/kshm0 /dev/kshm4
done
unload
finish
