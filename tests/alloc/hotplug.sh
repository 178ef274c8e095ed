# SPDX-License-Identifier: GPL-2.0-only
# Memory blocks go offline and online while buffers are made.
# machine: offline
# expect-log: no [0-9]+ contiguous bytes
# kernels: [0-9]* realloc* kasan*
# default-kernels: oldest 6.12 newest
# limit: 7200
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

without_disk
load buffers=none
run alloc/hotplug "$(rounds 16)"
unload
finish
