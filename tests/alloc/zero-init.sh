# SPDX-License-Identifier: GPL-2.0-only
# New buffers are zeroed where the kernel zeroes memory according to its default.
# machine: basic
# default-kernels: oldest 6.12 newest
set -eu
. ./lib/guest.sh

# The test program cannot write to the kernel's reserve.
setting /proc/sys/vm/min_free_kbytes 4096
run alloc/zero
finish
