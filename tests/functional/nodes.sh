# SPDX-License-Identifier: GPL-2.0-only
# From the first moment on a node is nobody's but root's until udev gives it to the group;
# nobody can put something else in its place; names of buffers make no other links.
# guest: udev
# plain: 5.10 7.3
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm
gid=$(sed -n 's/^kshm:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
paths="/dev/kshm /dev/kshm0 /dev/kshm1 /dev/kshm-by-name/video"

# signal_udev SIGNAL: to the daemon that hands out the events
signal_udev() {
	for process in /proc/[0-9]*; do
		if [ "$(cat "$process/comm")" = systemd-udevd ]; then
			kill "-$1" "${process#/proc/}"
		fi
	done
}

chmod 1777 /tmp
load buffers=4K
udevadm settle
# shellcheck disable=SC2086 # a list of words
/t/as $member_uid "$gid" /t/nodes /tmp/stop $paths > /tmp/member &
# shellcheck disable=SC2086 # a list of paths
/t/as $outsider_uid $outsider_gid /t/nodes /tmp/stop $paths > /tmp/outsider &
mkdir $dir/video
echo 4K > $dir/video/size
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	echo 1 > $dir/video/live
	udevadm settle
	echo 0 > $dir/video/live
done
touch /tmp/stop
wait
is "a user outside the group" "$(cat /tmp/outsider)" "opened no, denied yes, changed 0"
is "a member of the group" "$(sed 's/denied [a-z]*, //' /tmp/member)" "opened yes, changed 0"
rm /tmp/stop /tmp/member /tmp/outsider

# Before udev has seen the device: nothing is given away.
signal_udev STOP
echo 1 > $dir/video/live
is "the node before udev" "$(stat -c '%a %U %G' /dev/kshm1)" "600 root root"
is "a member of the group opens it then" \
	"$(/t/as $member_uid "$gid" /t/try open /dev/kshm1)" EACCES
signal_udev CONT
udevadm settle
is "the node after udev" "$(stat -c '%a %U %G' /dev/kshm1)" "660 root kshm"
is "a member of the group opens it now" \
	"$(/t/as $member_uid "$gid" /t/try open /dev/kshm1)" "done"
rmdir $dir/video
udevadm settle

# What is below /dev, but for udev's links by number.
nodes() {
	find /dev -path /dev/char -prune -o -print | sort
}

# Names that would lead elsewhere as a link, or be another file below /dev.
nodes > /tmp/before
for name in ... -rf .hidden -- mem sda null kshm CON .a..b; do
	mkdir "$dir/$name"
	echo 4K > "$dir/$name/size"
	echo 1 > "$dir/$name/live"
	udevadm settle
	nodes > /tmp/after
	is "'$name' makes a node and a link" \
		"$(grep -vxF -f /tmp/before /tmp/after | tr '\n' ' ')" \
		"/dev/kshm-by-name/$name /dev/kshm1 "
	is "'$name' leads to the buffer" "$(readlink -f "/dev/kshm-by-name/$name")" /dev/kshm1
	rmdir "$dir/$name"
	udevadm settle
done
# shellcheck disable=SC2016 # nothing is to be expanded
for name in . .. a/b 'a b' 'a$b' 'a%b' 'a\b' 'a{b}' '*'; do
	got=$(/t/try mkdir "$dir/$name")
	check "'$name' is no name: $got" [ "$got" != "done" ]
done
is "nothing is left" "$(nodes | grep -vxF -f /tmp/before || true)" ""
rm /tmp/before /tmp/after
unload
finish
