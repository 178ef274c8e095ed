# SPDX-License-Identifier: GPL-2.0-only
# New buffers are zeroed where the kernel itself does not zero memory.
# machine: noinit
# default-kernels: newest
set -eu
. ./lib/guest.sh

check "the kernel does not zero memory when it allocates" \
	grep -qw init_on_alloc=0 /proc/cmdline
# The test program cannot write to the kernel's reserve.
setting /proc/sys/vm/min_free_kbytes 4096
run alloc/zero
finish
