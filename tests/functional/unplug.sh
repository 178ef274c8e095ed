# SPDX-License-Identifier: GPL-2.0-only
# A device can always be taken away, and nobody who uses its memory is hurt.
# guest: basic
# kernels: all
set -eu
. ./lib.sh

# 32 MiB a second for whoever is in /tmp/cgroups/slow
mkdir /tmp/cgroups
mount -t cgroup2 cgroup2 /tmp/cgroups
echo +io > /tmp/cgroups/cgroup.subtree_control
mkdir /tmp/cgroups/slow
echo "$(cat /sys/block/vda/dev) rbps=33554432 wbps=33554432" > /tmp/cgroups/slow/io.max

load buffers=none
run /t/unplug
run /t/pinned /mnt/pinned /tmp/cgroups/slow
unload

rmdir /tmp/cgroups/slow
umount /tmp/cgroups
rmdir /tmp/cgroups
finish
