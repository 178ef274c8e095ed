# SPDX-License-Identifier: GPL-2.0-only
# The attributes in /sys/class/kshm/kshmN agree with what a program measures.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=64K,video:2M,big:4M,odd:5000,three:3M
run abi/sysfs kshm0 65536 4096 video 2097152 2097152 big 4194304 2097152 \
	odd 8192 4096 three 3145728 2097152
is "number of devices" "$(echo /sys/class/kshm/* | wc -w)" 5
unload
check "the class is gone after unload" [ ! -e /sys/class/kshm ]
is "the device number is free after unload" "$(grep -w kshm /proc/devices || true)" ""

load
is "default: one buffer of 1 MiB" "$(cat /sys/class/kshm/*/size)" 1048576
is "default: its name" "$(cat /sys/class/kshm/kshm0/name)" kshm0
unload
finish
