# SPDX-License-Identifier: GPL-2.0-only
# The kernel takes a mapping's pages themselves: O_DIRECT, vmsplice,
# process_vm_readv, io_uring fixed buffers, MSG_ZEROCOPY, /proc/self/mem.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,2M,4M
for file in /dev/kshm0 /dev/kshm1 /dev/kshm2; do
	run /t/zerocopy $file
done
unload
finish
