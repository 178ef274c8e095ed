# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For test scripts that run in a guest: test programs, users, the module, the log, settings.
# Sourced; sources ktap.sh.

# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh
echo "KTAP version 1"

# subtest TITLE COMMAND...: a program that prints KTAP; its results become a subtest
subtest() {
	subtest_title=$1
	shift
	echo "  KTAP version 1"
	echo "  # Subtest: $subtest_title"
	subtest_status=0
	KTAP_INDENT='  ' "$@" || subtest_status=$?
	if [ $subtest_status -eq 0 ]; then
		ok "$subtest_title"
	else
		not_ok "$subtest_title"
		diag "exit status $subtest_status"
	fi
}

# run PROGRAM ARG...: a test program
run() {
	subtest "$*" "$@"
}

# A user in the group that has a device, and one outside of it.
member_uid=1000 member_gid=2000 outsider_uid=1001 outsider_gid=2001

# as_member DEVICE PROGRAM ARG...: give the device to a group as udev does; run a test
# program as a user in that group
as_member() {
	chgrp $member_gid "$1"
	chmod 660 "$1"
	shift
	subtest "$* (member of the group)" runas $member_uid $member_gid "$@"
}

# as_outsider PROGRAM ARG...
as_outsider() {
	subtest "$* (user outside of the group)" runas $outsider_uid $outsider_gid "$@"
}

# load PARAMETER...: insert the module or end the test
load() {
	if ! load_err=$(modctl load "$@" 2>&1); then
		not_ok "load $*"
		diag "$load_err"
		finish
	fi
}

unload() {
	if ! load_err=$(modctl unload 2>&1); then
		not_ok "unload"
		diag "$load_err"
		finish
	fi
}

# refused TITLE ERRNO PARAMETER...: loading must fail with this errno
refused() {
	refused_title=$1 refused_want=$2
	shift 2
	refused_got=$(modctl load "$@" 2>&1) && refused_got=success
	is "$refused_title" "$refused_got" "$refused_want"
	[ "$refused_got" != success ] || modctl unload || true
}

# restore_at_exit FILE...: the end of the test restores the values that these settings have now
restore_at_exit() {
	for setting; do
		at_exit "echo '$(sed 's/.*\[\(.*\)\].*/\1/' "$setting")' >'$setting'"
	done
}

# setting FILE VALUE: write a setting, and restore it at the end of the test
setting() {
	restore_at_exit "$1"
	echo "$2" >"$1"
}

# mounted ARG... DIRECTORY: make a directory and mount there; both are gone with the test
mounted() {
	for mounted_dir; do :; done
	mkdir -p "$mounted_dir"
	mount "$@"
	at_exit "umount '$mounted_dir' && rmdir '$mounted_dir'"
}

# defragment: free what can be freed, and compact the rest, so that large contiguous ranges
# do not depend on what ran before
defragment() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
}

# Remember the end of the log; log_since prints what came after it.
log_marks=0
log_mark() {
	log_marks=$((log_marks + 1))
	log_tag="mark $$ $log_marks"
	echo "$log_tag" >/dev/kmsg
}

log_since() {
	if dmesg | grep -q "$log_tag\$"; then
		dmesg | sed "1,/$log_tag\$/d"
	else
		echo "kshm: '$log_tag' is not in the log any more"
	fi
}

# kmemleak reports an object after some time without a reference. It can be asked only for
# what came after the last time.
leaks=/sys/kernel/debug/kmemleak

forget_leaks() {
	echo clear >$leaks
}

nothing_leaked() {
	for _ in 1 2; do
		sleep 6
		echo scan >$leaks
	done
	is "kmemleak finds no unreferenced object" "$(cat $leaks)" ""
}

# at OFFSET: the address that is OFFSET bytes into the memory reserved for carveouts, which
# has 64 MiB
at() {
	printf '0x%x' $((KSHM_RESERVED + $1))
}

# ram OFFSET: the address that is OFFSET bytes after the start of the memory. Up to 16 MiB and
# some more it is the kernel's.
ram() {
	printf '0x%x' $((KSHM_RAM + $1))
}

# ram_bits BYTES: bits of the addresses of that many bytes of memory
ram_bits() {
	bits=0
	while [ $((1 << bits)) -lt $((KSHM_RAM + $1)) ]; do
		bits=$((bits + 1))
	done
	echo $bits
}

# minor N FILE: make a device node of kshmN at FILE, outside of /dev, which may be mounted
# noexec; it is gone with the test
minor() {
	IFS=: read -r minor_major minor_first </sys/class/kshm/kshm0/dev
	mknod "$2" c "$minor_major" $((minor_first + $1))
	at_exit "rm -f '$2'"
}

# attempt DIRECTORY BYTES: try to make a buffer of this size. Sets $attempt_result, and
# $attempt_largest: the largest size that would succeed, as the log says when it is too large.
attempt() {
	echo "$2" >"$1/size"
	log_mark
	attempt_result=$(xcall write "$1/live" 1)
	attempt_largest=$(log_since | sed -n 's/.*kshm: no [0-9]* contiguous bytes; .* is \([0-9]*\)$/\1/p')
}

# has_reserve_mem: whether the kernel has reserve_mem=, by its own list of functions
has_reserve_mem() {
	grep -q ' reserve_mem_find_by_name$' /proc/kallsyms
}

# word NAME: its value on the kernel's command line, where tests get their parameters
word() {
	sed -n "s/.*\<$1=\([^ ]*\).*/\1/p" /proc/cmdline
}
