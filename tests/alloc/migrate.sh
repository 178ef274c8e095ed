# SPDX-License-Identifier: GPL-2.0-only
# Pages of every movable kind keep their contents when a buffer takes their place.
# machine: basic
# expect-log: no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh

load buffers=none
mounted -t tmpfs tmpfs /tmp/files
dd if=/dev/urandom of=/mnt/moved bs=1M count=40 2>/dev/null
sum=$(md5sum </mnt/moved)
run alloc/migrate $((64 << 20)) /tmp/files/moved /mnt/mapped
is "md5sum of a file in the page cache" "$(md5sum </mnt/moved)" "$sum"
umount /mnt
mount -t ext4 /dev/vda /mnt
is "md5sum of the file on the disk" "$(md5sum </mnt/moved)" "$sum"
rm /mnt/moved /mnt/mapped
umount /mnt
mount -t ext4 /dev/vda /mnt
unload
finish
