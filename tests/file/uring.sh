# SPDX-License-Identifier: GPL-2.0-only
# io_uring reads and writes a buffer.
# machine: basic
# default-kernels: oldest 6.12 newest
set -eu
. ./lib/guest.sh

load buffers=64K,4M
run file/uring /dev/kshm0
run file/uring /dev/kshm1
unload
finish
