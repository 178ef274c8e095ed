# SPDX-License-Identifier: GPL-2.0-only
# What programs may do to a mapping leaves its bytes and the kernel intact.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,2M,4M
for file in /dev/kshm0 /dev/kshm1 /dev/kshm2; do
	run /t/mmap $file
	run /t/madvise $file
	run /t/procfs $file
	run /t/threads $file
done
unload
finish
