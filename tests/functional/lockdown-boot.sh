# SPDX-License-Identifier: GPL-2.0-only
# A kernel that is locked down from the start loads its own modules, not an unsigned kshm.
# (Those that find faults have no modules of their own.)
# guest: lockdown-boot
# kernels: 5.10 6.1 6.12 7.2 7.3
# plain: 5.10 7.3
set -eu
. ./lib.sh

[ -e /sys/kernel/security/lockdown ] ||
	mount -t securityfs securityfs /sys/kernel/security
check "locked" grep -qF '[integrity]' /sys/kernel/security/lockdown
check "modules of the kernel are loaded" grep -q '^virtio_blk ' /proc/modules
refused "kshm without a signature" EPERM buffers=64K
finish
