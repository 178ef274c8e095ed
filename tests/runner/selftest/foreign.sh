# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The kernel reports a data race of its own.
# expect: ok - foreign: a point
# clean
devkmsg=$(cat /proc/sys/kernel/printk_devkmsg)
echo on >/proc/sys/kernel/printk_devkmsg
bar=$(printf %066d 0 | tr 0 =)
for line in "$bar" "BUG: KCSAN: data-race in one / another" \
	"read to 0xffff of 4 bytes by task 1 on cpu 0:" " one+0x10/0x20" "$bar"; do
	echo "<3>$line" >/dev/kmsg
done
echo "$devkmsg" >/proc/sys/kernel/printk_devkmsg
echo "ok 1 - a point"
echo "1..1"
