# SPDX-License-Identifier: GPL-2.0-only
# What has to move to make room for a buffer keeps its contents.
# guest: basic
# plain: 5.10 7.3
set -eu
. ./lib.sh

load buffers=none
mkdir /tmp/files
mount -t tmpfs tmpfs /tmp/files
dd if=/dev/urandom of=/mnt/moved bs=1M count=40 2>/dev/null
sum=$(md5sum < /mnt/moved)
run /t/migrate $((256 << 20)) /tmp/files/moved /mnt/mapped
is "a file in the page cache has its contents" "$(md5sum < /mnt/moved)" "$sum"
umount /tmp/files
umount /mnt
mount -t ext4 /dev/vda /mnt
is "and on the disk" "$(md5sum < /mnt/moved)" "$sum"
rm /mnt/moved /mnt/mapped
unload
finish
