# SPDX-License-Identifier: GPL-2.0-only
# A core file has the bytes of a mapping when the program asks for them.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,4M
echo /mnt/core > /proc/sys/kernel/core_pattern
run /t/coredump /dev/kshm0
run /t/coredump /dev/kshm1
rm -f /mnt/core
unload
finish
