# SPDX-License-Identifier: GPL-2.0-only
# kshmctl verify: a new buffer, one that is given, and what it skips.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: oldest newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

# all DEVICE NAME SIZE BACKING ZEROED: what it prints when all is well
all() {
	echo "$1: $2, $3, $4, wb
ok       ioctl, sysfs and lseek agree
$5
ok       all pages are contiguous from phys_addr on
ok       two mappings and read see the same bytes
ok       O_DIRECT from a mapping to a file
ok       the doorbell wakes another open file"
}

zeroed="ok       a new buffer has only zeros"
in_use="skipped  a new buffer has only zeros: this one was in use before"

# verified SIZE BACKING ARG...: with a new buffer, whose name varies
verified() {
	want=$(all kshm1 NAME "$1" "$2" "$zeroed")
	shift 2
	got=$(TMPDIR=/mnt $kshmctl verify "$@" 2>&1) && status=0 || status=$?
	is "verify $*: exit status" "$status" 0
	is "verify $*: output" "$(printf '%s\n' "$got" | sed 's/kshmctl-[0-9]*,/NAME,/')" \
		"Linux $(uname -r), $want"
	is "verify $*: directories that are left" "$(ls /sys/kernel/config/kshm)" ""
}

load buffers=64K
defragment
verified 8M contig
verified 4K pages --size 1
verified 64M contig -s 64M

# The contents of a buffer that is given stay.
dd if=/dev/urandom of=/dev/kshm0 bs=64K count=1 2>/dev/null
before=$(md5sum </dev/kshm0)
mkdir -m 1777 /mnt/tmp
at_exit "rmdir /mnt/tmp"
export TMPDIR=/mnt/tmp
gives 0 "$(all kshm0 kshm0 64K pages "$in_use")" verify /dev/kshm0
is "contents after verify" "$(md5sum </dev/kshm0)" "$before"

# A signal does not leave the new buffer behind.
$kshmctl verify --size 64M >/tmp/verify 2>&1 &
pid=$!
check "verify has begun" until_true grep -q kshm1: /tmp/verify
kill -INT $pid 2>/dev/null || :
kill -TERM $pid 2>/dev/null || :
wait $pid || :
rm /tmp/verify
is "directories after a signal" "$(ls /sys/kernel/config/kshm)" ""

# What cannot be tested is skipped.
chgrp "$member_gid" /dev/kshm0
chmod 660 /dev/kshm0
is "tests that are left out for a member of the group" \
	"$(runas "$member_uid" "$member_gid" $kshmctl verify kshm0 | grep -c '^skipped')" 2
gives 1 "kshmctl: nobody: there is no such buffer
  see 'kshmctl list' for the buffers that there are" verify nobody
unload
finish
