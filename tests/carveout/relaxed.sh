# SPDX-License-Identifier: GPL-2.0-only
# With iomem=relaxed, /dev/mem gives access to a carveout, but not to a buffer of RAM.
# machine: carveout-relaxed
# default-kernels: newest
set -eu
. ./lib/guest.sh

load "buffers=video:16M@$(at 0),ram:1M"
run carveout/devmem same /dev/kshm0
run carveout/devmem refused /dev/kshm1
unload
finish
