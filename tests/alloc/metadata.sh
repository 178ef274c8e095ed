# SPDX-License-Identifier: GPL-2.0-only
# Metadata that a file system's journal holds is no part of the largest size.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: oldest 6.12 newest
set -eu
. ./lib/guest.sh

load buffers=none
run alloc/metadata /mnt
# Nothing of it stays in memory.
umount /mnt
mount -t ext4 /dev/vda /mnt
unload
finish
