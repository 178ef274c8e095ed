# SPDX-License-Identifier: GPL-2.0-only
# Process-shared mutexes, semaphores, rwlocks and barriers work between processes that have the
# buffer by different names; robust mutexes outlive an owner that is killed.
# machine: basic
# default-kernels: oldest 6.12 newest
set -eu
. ./lib/guest.sh

load buffers=64K,4M
for n in 0 1; do
	minor $n /tmp/other$n
	run mmap/sync /dev/kshm$n /tmp/other$n
done
subtest "mmap/sync on a memfd" with-memfd 65536 mmap/sync @ @
unload
finish
