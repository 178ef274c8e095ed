# SPDX-License-Identifier: GPL-2.0-only
# Pages that the kernel has pinned outlive device, files and mappings.
# Not on kasan-7.3: lockdep finds a cycle in 7.3's own locks where a rate is set
# (blkg_conf_prep).
# machine: basic
# kernels: [0-9]* realloc* kasan kasan-6.1 kcsan
# default-kernels: oldest 6.1 6.12 newest kasan
set -eu
. ./lib/guest.sh

# 32 MiB a second for processes in this cgroup
cgroup=/sys/fs/cgroup/slow
echo +io >/sys/fs/cgroup/cgroup.subtree_control
mkdir $cgroup
at_exit "rmdir $cgroup; echo -io >/sys/fs/cgroup/cgroup.subtree_control"
echo "$(cat /sys/block/vda/dev) rbps=33554432 wbps=33554432" >$cgroup/io.max

load buffers=none
run gup/pinned /mnt/pinned $cgroup
unload
finish
