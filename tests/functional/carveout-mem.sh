# SPDX-License-Identifier: GPL-2.0-only
# A buffer in memory behind mem=.
# guest: carveout-mem
# log: buffers=:
# plain: 5.10 7.3 kasan
set -eu
. ./lib.sh

load buffers=video:16M@0x30000000,end:4K@0x3ffdf000
run /t/carveout /dev/kshm0 0x30000000 16777216
run /t/carveout /dev/kshm1 0x3ffdf000 4096
run /t/devmem beyond /dev/kshm0
unload
refused "the last page of System RAM" EBUSY buffers=8K@0x2ffff000
finish
