# SPDX-License-Identifier: GPL-2.0-only
# Buffers are made while others isolate memory, and compact it: pages of 1 GiB, which come from
# anywhere, and from CMA where the kernel has it.
# machine: isolators
# expect-log: no [0-9]+ contiguous bytes
# kernels: [0-9]* realloc* kasan*
# default-kernels: 6.12 newest
# limit: 7200
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

load buffers=none
run alloc/isolators "$(rounds 18)"
unload
finish
