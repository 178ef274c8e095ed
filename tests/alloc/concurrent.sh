# SPDX-License-Identifier: GPL-2.0-only
# Several programs make buffers at once, while others fault in theirs and do O_DIRECT.
# machine: big
# default-kernels: oldest 6.12 newest realloc* kasan*
set -eu
. ./lib/guest.sh

defragment
load buffers=none
# As many as chance needs only where there is time, see make stress.
rounds=12
[ -z "$(word rounds)" ] || rounds=40
run alloc/concurrent /mnt/crowd $rounds
unload
finish
