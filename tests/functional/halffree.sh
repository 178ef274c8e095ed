# SPDX-License-Identifier: GPL-2.0-only
# A buffer out of memory in which every other 2 MiB are in use by a program.
# guest: big
# plain: 5.10 7.3
set -eu
. ./lib.sh

load buffers=none
mkdir /sys/kernel/config/kshm/a
echo 500M > /sys/kernel/config/kshm/a/size
run /t/halffree
rmdir /sys/kernel/config/kshm/a
unload
finish
