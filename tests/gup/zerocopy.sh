# SPDX-License-Identifier: GPL-2.0-only
# The kernel reads and writes the pages of a mapping: O_DIRECT, vmsplice, process_vm_readv,
# io_uring fixed buffers, MSG_ZEROCOPY, /proc/self/mem.
# machine: basic
# default-kernels: [0-9]* realloc* kasan*
set -eu
. ./lib/guest.sh

load buffers=64K,2M,4M
for file in /dev/kshm0 /dev/kshm1 /dev/kshm2; do
	run gup/zerocopy $file
done
unload
finish
