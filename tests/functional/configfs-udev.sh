# SPDX-License-Identifier: GPL-2.0-only
# configfs: udev gives a new device its group and links at once, and takes them away.
# guest: udev
# plain: 5.10 7.3
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm/video

load buffers=4K
mkdir $dir
echo 8M > $dir/size
for round in 1 2; do
	echo 1 > $dir/live
	udevadm settle
	is "round $round: mode, owner and group" "$(stat -c '%a %U %G' /dev/kshm1)" \
		"660 root kshm"
	is "round $round: link by name" "$(readlink -f /dev/kshm-by-name/video)" /dev/kshm1
	is "round $round: /dev/kshm is the first one" "$(readlink -f /dev/kshm)" /dev/kshm0
	is "round $round: the size is there for udev" \
		"$(udevadm info -q all -a -n /dev/kshm1 | grep -c 'ATTR{size}=="8388608"')" 1
	echo 0 > $dir/live
	udevadm settle
	check "round $round: the device is gone" [ ! -e /dev/kshm1 ]
	check "round $round: and its link" [ ! -L /dev/kshm-by-name/video ]
done
rmdir $dir
unload
finish
