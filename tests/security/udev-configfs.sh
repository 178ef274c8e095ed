# SPDX-License-Identifier: GPL-2.0-only
# udev gives a device that configfs makes its group and links, and removes them.
# machine: udev
# default-kernels: newest
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/video

load buffers=4K
mkdir $dir
echo 8M >$dir/size
for round in 1 2; do
	echo 1 >$dir/live
	udevadm settle
	is "round $round: mode, user and group" "$(stat -c '%a %U %G' /dev/kshm1)" \
		"660 root kshm"
	is "round $round: target of the link by name" "$(readlink -f /dev/kshm-by-name/video)" \
		/dev/kshm1
	is "round $round: target of /dev/kshm" "$(readlink -f /dev/kshm)" /dev/kshm0
	is "round $round: udev rules can match the size" \
		"$(udevadm info -q all -a -n /dev/kshm1 | grep -c 'ATTR{size}=="8388608"')" 1
	echo 0 >$dir/live
	udevadm settle
	check "round $round: the device is gone" [ ! -e /dev/kshm1 ]
	check "round $round: the link is gone" [ ! -L /dev/kshm-by-name/video ]
done
rmdir $dir
unload
finish
