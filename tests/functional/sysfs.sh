# SPDX-License-Identifier: GPL-2.0-only
# Each file of /sys/class/kshm/kshmN says what a program measures itself.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,video:2M,big:4M,odd:5000,three:3M
run /t/sysfs kshm0 65536 4096 video 2097152 2097152 big 4194304 2097152 \
	odd 8192 4096 three 3145728 2097152
is "no other device is there" "$(echo /sys/class/kshm/* | wc -w)" 5
unload
check "no class after unload" [ ! -e /sys/class/kshm ]
check "no device number after unload" sh -c "! grep -w kshm /proc/devices"

load
is "one buffer by default" "$(cat /sys/class/kshm/*/size)" 1048576
is "and it is kshm0" "$(cat /sys/class/kshm/kshm0/name)" kshm0
unload
finish
