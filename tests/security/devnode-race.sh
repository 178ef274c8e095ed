# SPDX-License-Identifier: GPL-2.0-only
# A device node belongs to root alone until udev gives it to the group; users cannot replace
# it; names of buffers make no other links.
# machine: udev
# default-kernels: newest
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm
gid=$(sed -n 's/^kshm:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
paths="/dev/kshm /dev/kshm0 /dev/kshm1 /dev/kshm-by-name/video"
work=/tmp/devnode
mkdir $work
at_exit "rm -r $work"

# signal_udev SIGNAL: to the daemon that dispatches events
signal_udev() {
	for process in /proc/[0-9]*; do
		if [ "$(cat "$process/comm")" = systemd-udevd ]; then
			kill "-$1" "${process#/proc/}"
		fi
	done
}

load buffers=4K
udevadm settle
# shellcheck disable=SC2086 # a list of words
runas $member_uid "$gid" devnode-prober $work/stop $paths >$work/member &
# shellcheck disable=SC2086 # a list of paths
runas $outsider_uid $outsider_gid devnode-prober $work/stop $paths >$work/outsider &
mkdir $dir/video
echo 4K >$dir/video/size
for _ in $(seq 20); do
	echo 1 >$dir/video/live
	udevadm settle
	echo 0 >$dir/video/live
done
touch $work/stop
wait
is "20 devices: attempts of a user outside of the group" "$(cat $work/outsider)" \
	"opened no, denied yes, changed 0"
is "20 devices: attempts of a member of the group" \
	"$(sed 's/denied [a-z]*, //' $work/member)" "opened yes, changed 0"

signal_udev STOP
echo 1 >$dir/video/live
is "before udev: mode, user and group of the node" "$(stat -c '%a %U %G' /dev/kshm1)" \
	"600 root root"
is "before udev: open as a member of the group" \
	"$(runas $member_uid "$gid" xcall open /dev/kshm1)" EACCES
signal_udev CONT
udevadm settle
is "after udev: mode, user and group of the node" "$(stat -c '%a %U %G' /dev/kshm1)" \
	"660 root kshm"
is "after udev: open as a member of the group" \
	"$(runas $member_uid "$gid" xcall open /dev/kshm1)" success
rmdir $dir/video
udevadm settle

# Files below /dev, without udev's links by number.
nodes() {
	find /dev -path /dev/char -prune -o -print | sort
}

# Names that would lead elsewhere as a link, or be another file below /dev.
nodes >$work/before
for name in ... -rf .hidden -- mem sda null kshm CON .a..b; do
	mkdir "$dir/$name"
	echo 4K >"$dir/$name/size"
	echo 1 >"$dir/$name/live"
	udevadm settle
	nodes >$work/after
	is "name '$name': new files below /dev" \
		"$(grep -vxF -f $work/before $work/after | tr '\n' ' ')" \
		"/dev/kshm-by-name/$name /dev/kshm1 "
	is "name '$name': target of the link" "$(readlink -f "/dev/kshm-by-name/$name")" /dev/kshm1
	rmdir "$dir/$name"
	udevadm settle
done
# shellcheck disable=SC2016 # nothing is to be expanded
for name in . .. a/b 'a b' 'a$b' 'a%b' 'a\b' 'a{b}' '*'; do
	got=$(xcall mkdir "$dir/$name")
	check "name '$name' is refused: $got" [ "$got" != success ]
done
is "new files below /dev in the end" "$(nodes | grep -vxF -f $work/before || true)" ""
unload
finish
