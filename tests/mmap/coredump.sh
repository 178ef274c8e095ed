# SPDX-License-Identifier: GPL-2.0-only
# A core dump contains a mapping where coredump_filter asks for it.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=64K,4M
setting /proc/sys/kernel/core_pattern /mnt/core
at_exit "rm -f /mnt/core"
run mmap/coredump /dev/kshm0
run mmap/coredump /dev/kshm1
unload
finish
