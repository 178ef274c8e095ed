# SPDX-License-Identifier: GPL-2.0-only
# udev gives the nodes to the group kshm, makes links, and removes them.
# machine: udev
# default-kernels: newest
set -eu
. ./lib/guest.sh

# node FILE: its type, user, group and mode
node() {
	stat -c '%F %U:%G %a' "$1"
}

# Links and their targets below /dev.
links() {
	for link in /dev/kshm /dev/kshm-by-name/*; do
		if [ -L "$link" ]; then
			printf '%s=%s ' "${link#/dev/}" "$(basename "$(readlink "$link")")"
		fi
	done
}

nodes() {
	ls -d /dev/kshm* 2>/dev/null || true
}

check "the group kshm exists" grep -q '^kshm:' /etc/group
load buffers=64K,video:2M,a.b-c_d:4K
check "udev has handled the new devices" udevadm settle
for n in 0 1 2; do
	is "type, user, group and mode of /dev/kshm$n" "$(node /dev/kshm$n)" \
		"character special file root:kshm 660"
done
is "links and their targets" "$(links)" \
	"kshm=kshm0 kshm-by-name/a.b-c_d=kshm2 kshm-by-name/kshm0=kshm0 kshm-by-name/video=kshm1 "
is "/dev/kshm is a relative link" "$(readlink /dev/kshm)" kshm0
is "target of /dev/kshm-by-name/video" "$(readlink -f /dev/kshm-by-name/video)" /dev/kshm1
is "the device is tagged for systemd" \
	"$(udevadm info /dev/kshm1 | grep -c '^E: TAGS=.*:systemd:')" 1
echo "by name" >/dev/kshm-by-name/video
is "a line that was written by way of the link" "$(head -n 1 /dev/kshm1)" "by name"

gid=$(sed -n 's/^kshm:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
is "open as a user outside of the group" "$(runas 65534 65534 xcall open /dev/kshm1)" EACCES
is "open as a member of the group" "$(runas 65534 "$gid" xcall open /dev/kshm1)" success

unload
check "udev has handled the unload" udevadm settle
is "nodes and links after unload" "$(nodes)" ""

load buffers=other:4K
check "udev has handled another device" udevadm settle
is "links of another device" "$(links)" "kshm=kshm0 kshm-by-name/other=kshm0 "
unload
check "udev has handled the second unload" udevadm settle
is "nodes and links after the second unload" "$(nodes)" ""
finish
