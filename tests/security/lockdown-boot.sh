# SPDX-License-Identifier: GPL-2.0-only
# A kernel that is locked down at boot loads its own modules, but no unsigned kshm.
# (The debug kernels have no modules of their own.)
# machine: lockdown-boot
# kernels: [0-9]*
# default-kernels: newest
set -eu
. ./lib/guest.sh

check "the kernel is locked down" grep -qF '[integrity]' /sys/kernel/security/lockdown
check "the kernel's own modules are loaded" grep -q '^virtio_blk ' /proc/modules
refused "load kshm without a signature" EPERM buffers=64K
finish
