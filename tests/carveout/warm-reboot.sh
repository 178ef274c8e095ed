# SPDX-License-Identifier: GPL-2.0-only
# A log in a carveout or a reservation is still there after a warm reboot, as
# doc/warm-reboot.md says.
# machine: warm-reboot
# default-kernels: newest
set -eu
. ./lib/guest.sh

base=$KSHM_RESERVED
named=
! has_reserve_mem || named=,last:1M/reserve_mem=last/keep=1

# The disk keeps what was written before a reboot.
boots=$(($(cat /mnt/boots 2>/dev/null || echo 0) + 1))
echo $boots >/mnt/boots
if [ $boots = 1 ]; then
	modctl load "buffers=log:1M@$base/keep=1$named"
	pattern fill /dev/kshm0 1
	[ -z "$named" ] || pattern fill /dev/kshm1 2
	putstr /dev/kshm0 'last words of the first boot'
	cp /proc/sys/kernel/random/boot_id /mnt/boot_id
	sync
	echo '# reboot'
	reboot -f
	sleep 60
	exit 1
fi

is "boots" $boots 2
check "another boot" [ "$(cat /proc/sys/kernel/random/boot_id)" != "$(cat /mnt/boot_id)" ]
load "buffers=log:1M@$base/keep=1$named"
is "the log of the boot before" "$(head -c 28 /dev/kshm0)" 'last words of the first boot'
check "all bytes after it" pattern check /dev/kshm0 1 4 1024
if [ "$named" ]; then
	check "all bytes of the reservation" pattern check /dev/kshm1 2
else
	skip "all bytes of the reservation" "Linux before 6.11"
fi
unload
load "buffers=log:1M@$base"
check "without keep: zeros" pattern zero /dev/kshm0 0
unload
finish
