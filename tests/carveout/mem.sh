# SPDX-License-Identifier: GPL-2.0-only
# A carveout in memory that mem= hides from the kernel.
# machine: carveout-mem
# expect-log: buffers=:
# kernels: [0-9]* kasan*
# default-kernels: newest
set -eu
. ./lib/guest.sh

# This machine has 1 GiB, of which the kernel uses 768 MiB. QEMU's firmware keeps its tables
# at the end, so that this is the last page of RAM.
last=0x3ffdf000

load "buffers=video:16M@$(at 0),end:4K@$last"
run carveout/access /dev/kshm0 "$(at 0)" 16777216
run carveout/access /dev/kshm1 $last 4096
run carveout/devmem beyond /dev/kshm0
unload
refused "the last page of System RAM and the page after it" EBUSY "buffers=8K@$(at -4096)"
finish
