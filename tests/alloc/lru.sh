# SPDX-License-Identifier: GPL-2.0-only
# A buffer is made of memory in which a page is on its way to an LRU list.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: oldest 6.1 newest
set -eu
. ./lib/guest.sh

load buffers=none
run alloc/lru
unload
finish
