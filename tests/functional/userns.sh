# SPDX-License-Identifier: GPL-2.0-only
# Who is root in a user namespace has the rights of the user who made it.
# guest: basic
set -eu
. ./lib.sh

load restrict_phys_addr=1 buffers=64K
mkdir /sys/kernel/config/kshm/own
for uid in $member_uid $outsider_uid; do
	mkdir /tmp/userns
	chown "$uid" /tmp/userns
	if [ "$uid" = "$member_uid" ]; then
		as_member /dev/kshm0 /t/userns /dev/kshm0
	else
		as_outsider /t/userns /dev/kshm0
	fi
	rmdir /tmp/userns
done
is "the buffer that another made is there" "$(ls /sys/kernel/config/kshm)" own
rmdir /sys/kernel/config/kshm/own
unload
finish
