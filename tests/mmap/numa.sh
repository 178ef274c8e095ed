# SPDX-License-Identifier: GPL-2.0-only
# A buffer stays on its NUMA node when a program's memory is moved to another one.
# machine: numa
set -eu
. ./lib/guest.sh

load buffers=64K/node=1,2M/node=1,6M/node=1
for file in /dev/kshm0 /dev/kshm1 /dev/kshm2; do
	run mmap/numa $file
done
unload
finish
