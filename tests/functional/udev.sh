# SPDX-License-Identifier: GPL-2.0-only
# udev gives the nodes to the group kshm and makes links, and takes them away.
# guest: udev
# plain: 5.10 7.3
set -eu
. ./lib.sh

# A node's type, group and so on, as the group file names it.
node() {
	stat -c '%F %U:%G %a' "$1"
}

# Links and their targets below /dev.
links() {
	for link in /dev/kshm /dev/kshm-by-name/*; do
		if [ -L "$link" ]; then
			printf '%s=%s ' "${link#/dev/}" \
				"$(basename "$(readlink "$link")")"
		fi
	done
}

check "the group is there" grep -q '^kshm:' /etc/group
load buffers=64K,video:2M,a.b-c_d:4K
check "udev is done" udevadm settle
for n in 0 1 2; do
	is "kshm$n belongs to the group" "$(node /dev/kshm$n)" \
		"character special file root:kshm 660"
done
is "links by number and by name" "$(links)" \
	"kshm=kshm0 kshm-by-name/a.b-c_d=kshm2 kshm-by-name/kshm0=kshm0 kshm-by-name/video=kshm1 "
is "kshm is a link beside the node" "$(readlink /dev/kshm)" kshm0
is "a link by name leads to the node" \
	"$(readlink -f /dev/kshm-by-name/video)" /dev/kshm1
check "systemd may wait for the device" \
	sh -c "udevadm info /dev/kshm1 | grep -q '^E: TAGS=.*:systemd:'"
echo "by name" > /dev/kshm-by-name/video
is "the link is the device" "$(head -n 1 /dev/kshm1)" "by name"

gid=$(sed -n 's/^kshm:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
is "another user is kept out" \
	"$(/t/as 65534 65534 /t/busybox head -n 1 /dev/kshm1 2>&1)" \
	"head: /dev/kshm1: Permission denied"
is "a member of the group is not" \
	"$(/t/as 65534 "$gid" /t/busybox head -n 1 /dev/kshm1 2>&1)" "by name"

unload
check "udev is done" udevadm settle
is "the nodes are gone" "$(ls -d /dev/kshm* 2> /dev/null || true)" ""

load buffers=other:4K
check "udev is done" udevadm settle
is "links of other buffers" "$(links)" "kshm=kshm0 kshm-by-name/other=kshm0 "
unload
check "udev is done" udevadm settle
is "the nodes are gone again" "$(ls -d /dev/kshm* 2> /dev/null || true)" ""
finish
