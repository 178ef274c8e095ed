# SPDX-License-Identifier: GPL-2.0-only
# Programs share a buffer by mmap, read and write, mutexes and futexes.
# machine: basic
# default-kernels: oldest 6.1 6.12 newest kasan*
set -eu
. ./lib/guest.sh

load buffers=64K,2M,4M
run mmap/share /dev/kshm0
run mmap/share /dev/kshm1
run mmap/share /dev/kshm2
unload
finish
