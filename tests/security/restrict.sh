# SPDX-License-Identifier: GPL-2.0-only
# restrict_phys_addr=1 hides physical addresses from all users but root.
# machine: carveout
set -eu
. ./lib/guest.sh

addr=/sys/class/kshm/kshm0/phys_addr

# found USER ADDRESS: where this user, in the group, reads an address of kshm0
found() {
	chgrp $member_gid /dev/kshm0
	chmod 660 /dev/kshm0
	runas "$1" $member_gid find-address "$2" | sort | tr '\n' ' '
}

load restrict_phys_addr=1
is "restricted: mode of phys_addr" "$(stat -c %a $addr)" 400
is "restricted: mode of another attribute" "$(stat -c %a ${addr%/*}/size)" 444
is "restricted: the parameter" "$(cat /sys/module/kshm/parameters/restrict_phys_addr)" Y
chmod 666 /dev/kshm0
run security/restrict hidden
unload

load restrict_phys_addr=1 buffers=64K
address=$(cat $addr)
is "restricted: root finds the address in" "$(found 0 "$address")" \
	"/proc/self/pagemap /sys/devices/virtual/kshm/kshm0/phys_addr INFO "
is "restricted: a member of the group finds the address in" \
	"$(found $member_uid "$address")" ""
unload

# The parameter shows what root wrote there, including the address of a carveout.
address=$(at 65536)
load restrict_phys_addr=1 "buffers=a:64K@$address"
mkdir /sys/kernel/config/kshm/b
echo "$address" >/sys/kernel/config/kshm/b/phys_addr
is "restricted: a member of the group finds a carveout's address in" \
	"$(found $member_uid "$address")" \
	"/sys/module/kshm/parameters/buffers "
rmdir /sys/kernel/config/kshm/b
unload

load restrict_phys_addr=0 buffers=64K
address=$(cat $addr)
is "not restricted: a member of the group finds the address in" \
	"$(found $member_uid "$address")" \
	"/sys/devices/virtual/kshm/kshm0/phys_addr INFO "
unload

load restrict_phys_addr=0
is "not restricted: mode of phys_addr" "$(stat -c %a $addr)" 444
chmod 666 /dev/kshm0
run security/restrict shown
unload

load
is "default: mode of phys_addr" "$(stat -c %a $addr)" 444
unload
finish
