# SPDX-License-Identifier: GPL-2.0-only
# Each wrong call on a device gives its errno, and numbers never wrap.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,4M
# The node goes to the root file system: there mmap is not refused because /dev
# is mounted noexec.
IFS=: read -r major minor < /sys/class/kshm/kshm0/dev
mknod /tmp/kshm c "$major" "$minor"
mknod /tmp/kshm-big c "$major" $((minor + 1))
for file in /tmp/kshm /tmp/kshm-big; do
	run /t/mmap-errors $file
	run /t/rw-errors $file
	run /t/ioctl-errors $file
	run /t/ioctl-errors-32 $file
done

for n in 2 500 1023; do
	mknod /tmp/kshm-none c "$major" $n
	is "minor $n has no device" \
		"$(dd if=/tmp/kshm-none of=/dev/null 2>&1 | tail -n 1)" \
		"dd: can't open '/tmp/kshm-none': No such device"
	rm /tmp/kshm-none
done
mknod /tmp/kshm-none c "$major" 1024
is "minor 1024 is outside the range" \
	"$(dd if=/tmp/kshm-none of=/dev/null 2>&1 | tail -n 1)" \
	"dd: can't open '/tmp/kshm-none': No such device or address"
rm /tmp/kshm-none

unload
is "after unload the node has no driver" \
	"$(dd if=/tmp/kshm of=/dev/null 2>&1 | tail -n 1)" \
	"dd: can't open '/tmp/kshm': No such device or address"
rm /tmp/kshm /tmp/kshm-big
finish
