# SPDX-License-Identifier: GPL-2.0-only
# virtio-mem gives and takes memory while buffers are made in it.
# machine: virtio-mem
# expect-log: no [0-9]+ contiguous bytes
# kernels: [0-9]* realloc* kasan*
# default-kernels: oldest 6.12 newest
# limit: 7200
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

insert virtio_mem
without_disk
load buffers=none
run alloc/resize virtio-mem "$(rounds 4)"
unload
finish
