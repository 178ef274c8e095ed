# SPDX-License-Identifier: GPL-2.0-only
# A DIMM is added, and removed while a buffer is made in it.
# machine: dimm
# expect-log: no [0-9]+ contiguous bytes
# kernels: [0-9]* realloc* kasan-*
# default-kernels: 6.12
# limit: 7200
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

without_disk
load buffers=none
run alloc/resize dimm "$(rounds 2)"
unload
finish
