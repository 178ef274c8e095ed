# SPDX-License-Identifier: GPL-2.0-only
# Several programs make buffers at once, while others fault in theirs and do O_DIRECT.
# machine: big
# default-kernels: oldest 6.12 newest realloc* kasan*
set -eu
. ./lib/guest.sh

defragment
load buffers=none
run alloc/concurrent /mnt/crowd
unload
finish
