# SPDX-License-Identifier: GPL-2.0-only
# With iomem=relaxed, /dev/mem shows the bytes of a carve-out, never of RAM.
# guest: carveout-relaxed
# plain: 5.10 7.3 kasan
set -eu
. ./lib.sh

load buffers=video:16M@0x30000000,ram:1M
run /t/devmem same /dev/kshm0
run /t/devmem refused /dev/kshm1
unload
finish
