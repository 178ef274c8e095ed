# SPDX-License-Identifier: GPL-2.0-only
# SIGKILL ends a program that waits for a large buffer, and nothing is lost.
# machine: big
# expect-log: no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/a

defragment
load buffers=none
mkdir $dir
attempt $dir 1099511627776
rmdir $dir
# Half of the largest size can be allocated again and again.
run alloc/sigkill $(((attempt_largest >> 22) << 21)) /mnt/load
rm /mnt/load
unload
finish
