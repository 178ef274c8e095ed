# SPDX-License-Identifier: GPL-2.0-only
# What memory offers after boot, after many files, processes and allocations, and after the
# caches have been dropped then.
# limit: 1800
# expect-log: no [0-9]+ contiguous bytes
set -eu

insmod /t/kshm.ko buffers=none
mkdir /tmp/age
mount -t tmpfs -o size=1G none /tmp/age
aged fresh
# shellcheck disable=SC2016 # expands later
age /mnt /tmp/age "$KSHM_SEED" sh -c '
	aged old
	# so long the driver remembers blocks that have failed
	sleep 31
	sync
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
	aged dropped
'
umount /tmp/age
rmdir /tmp/age
rm -r /mnt/[0-9]*
rmmod kshm
echo "ok 1 - measured"
echo "1..1"
