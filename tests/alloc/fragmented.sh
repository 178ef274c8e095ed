# SPDX-License-Identifier: GPL-2.0-only
# A buffer from memory in which a program uses every other 2 MiB.
# machine: half
# default-kernels: newest
set -eu
. ./lib/guest.sh

defragment
load buffers=none
mkdir /sys/kernel/config/kshm/a
echo 500M >/sys/kernel/config/kshm/a/size
run alloc/fragmented
rmdir /sys/kernel/config/kshm/a
unload
finish
