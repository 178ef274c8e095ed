# SPDX-License-Identifier: GPL-2.0-only
# /dev/kshm-alloc belongs to root alone; with the udev rule of kshm(4) the members of a group make
# buffers, up to the limit, and other users do not.
# machine: udev
# default-kernels: newest
set -eu
. ./lib/guest.sh

rule=/etc/udev/rules.d/70-kshm-local.rules
gid=$(sed -n 's/^kshm:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
used=/sys/class/kshm-alloc/kshm-alloc/used

# node: user, group and mode of the device
node() {
	stat -c '%U:%G %a' /dev/kshm-alloc
}

load buffers=64K alloc_limit=1M
check "udev has handled the device" udevadm settle
is "user, group and mode without a rule" "$(node)" "root:root 600"
is "a member of the group opens it without a rule" \
	"$(runas 65534 "$gid" xcall open /dev/kshm-alloc)" EACCES
unload
udevadm settle

echo 'SUBSYSTEM=="kshm-alloc", GROUP="kshm", MODE="0660"' >$rule
at_exit "rm -f $rule; udevadm control --reload"
udevadm control --reload
load buffers=64K alloc_limit=1M
check "udev has handled the device" udevadm settle
is "user, group and mode with the rule" "$(node)" "root:kshm 660"
is "another user" "$(runas 65534 65534 xcall open /dev/kshm-alloc)" EACCES
is "a member makes a buffer" "$(runas 65534 "$gid" with-memfd 1048576 cat $used)" 1048576
is "a member beyond the limit" "$(runas 65534 "$gid" with-memfd 1048577 true)" EDQUOT
is "a member writes the limit" \
	"$(runas 65534 "$gid" xcall write /sys/class/kshm-alloc/kshm-alloc/limit 2M)" EACCES
is "a member opens a buffer, as the driver's own rule says" \
	"$(runas 65534 "$gid" xcall open /dev/kshm0)" success
unload
udevadm settle
finish
