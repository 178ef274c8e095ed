# SPDX-License-Identifier: GPL-2.0-only
# restrict_phys_addr=1 hides physical addresses from all but root.
# guest: carveout
set -eu
. ./lib.sh

addr=/sys/class/kshm/kshm0/phys_addr

load restrict_phys_addr=1
is "the attribute is root's" "$(stat -c %a $addr)" 400
is "the others are everybody's" "$(stat -c %a ${addr%/*}/size)" 444
is "the setting is shown" "$(cat /sys/module/kshm/parameters/restrict_phys_addr)" Y
chmod 666 /dev/kshm0
run /t/restrict hidden
unload

# found USER ADDRESS: where this user, in the group, reads an address of kshm0
found() {
	chgrp $member_gid /dev/kshm0
	chmod 660 /dev/kshm0
	/t/as "$1" $member_gid /t/hidden "$2" | sort | tr '\n' ' '
}

load restrict_phys_addr=1 buffers=64K
at=$(cat $addr)
is "root finds the address at" "$(found 0 "$at")" \
	"/proc/self/pagemap /sys/devices/virtual/kshm/kshm0/phys_addr INFO "
is "a member of the group finds it at" "$(found $member_uid "$at")" ""
unload

# Of a carve-out, what root said stays to be read where it was said.
load restrict_phys_addr=1 buffers=a:64K@0x30010000
mkdir /sys/kernel/config/kshm/b
echo 0x30010000 > /sys/kernel/config/kshm/b/phys_addr
is "a member of the group finds a carve-out's at" \
	"$(found $member_uid 0x30010000)" \
	"/sys/module/kshm/parameters/buffers "
rmdir /sys/kernel/config/kshm/b
unload

load restrict_phys_addr=0 buffers=64K
at=$(cat $addr)
is "shown, a member of the group finds it at" "$(found $member_uid "$at")" \
	"/sys/devices/virtual/kshm/kshm0/phys_addr INFO "
unload

load restrict_phys_addr=0
is "the attribute is everybody's" "$(stat -c %a $addr)" 444
chmod 666 /dev/kshm0
run /t/restrict shown
unload

load
is "so it is by default" "$(stat -c %a $addr)" 444
unload
finish
