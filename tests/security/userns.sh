# SPDX-License-Identifier: GPL-2.0-only
# root in a user namespace has the rights of the user who made the namespace.
# machine: basic
set -eu
. ./lib/guest.sh

load restrict_phys_addr=1 buffers=64K
# a buffer that root makes
mkdir /sys/kernel/config/kshm/own
for uid in $member_uid $outsider_uid; do
	mkdir /tmp/userns
	chown "$uid" /tmp/userns
	if [ "$uid" = "$member_uid" ]; then
		as_member /dev/kshm0 security/userns /dev/kshm0
	else
		as_outsider security/userns /dev/kshm0
	fi
	rmdir /tmp/userns
done
is "buffers after both users" "$(ls /sys/kernel/config/kshm)" own
rmdir /sys/kernel/config/kshm/own
unload
finish
