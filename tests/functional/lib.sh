# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Test Anything Protocol and module handling for the test scripts.

tap_n=0
tap_failed=0

ok() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $*"
}

not_ok() {
	tap_n=$((tap_n + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_n - $*"
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# skip WHAT WHY
skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# check TEXT COMMAND ARG...: ok when the command succeeds
check() {
	check_text=$1
	shift
	if "$@"; then
		ok "$check_text"
	else
		not_ok "$check_text"
		diag "failed: $*"
	fi
}

# is TEXT GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		diag "got  '$2'"
		diag "want '$3'"
	fi
}

# run PROGRAM ARG...: a C test program, which goes on with the numbering
run() {
	run_name=${1##*/}
	rm -f "/tmp/tap.$$"
	run_rc=0
	TAP_BASE=$tap_n TAP_COUNT=/tmp/tap.$$ "$@" || run_rc=$?
	if [ -s "/tmp/tap.$$" ]; then
		tap_n=$(cat "/tmp/tap.$$")
		rm -f "/tmp/tap.$$"
		[ "$run_rc" -eq 0 ] || tap_failed=$((tap_failed + 1))
	else
		# The numbers it used are unknown: end here, without a plan.
		echo "Bail out! $run_name ended early with status $run_rc"
		exit 1
	fi
}

# A user in the group that has a device, and one outside of it.
member_uid=1000 member_gid=2000 outsider_uid=1001 outsider_gid=2001

# as_member DEVICE PROGRAM ARG...: give the device to a group as udev does; run a test
# program as a user in that group
as_member() {
	chgrp $member_gid "$1"
	chmod 660 "$1"
	shift
	chmod 1777 /tmp
	run /t/as $member_uid $member_gid "$@"
}

# as_outsider PROGRAM ARG...
as_outsider() {
	chmod 1777 /tmp
	run /t/as $outsider_uid $outsider_gid "$@"
}

# load PARAMETER...: insert the module or end the test
load() {
	if ! load_err=$(/t/modctl load "$@" 2>&1); then
		not_ok "load $*"
		diag "$load_err"
		finish
	fi
}

unload() {
	if ! load_err=$(/t/modctl unload 2>&1); then
		not_ok "unload"
		diag "$load_err"
		finish
	fi
}

# refused TEXT ERRNO PARAMETER...: loading must fail with this errno
refused() {
	refused_text=$1 refused_want=$2
	shift 2
	refused_got=$(/t/modctl load "$@" 2>&1) && refused_got=success
	is "$refused_text" "$refused_got" "$refused_want"
	[ "$refused_got" != success ] || /t/modctl unload || true
}

# Remember the end of the log; log_since prints what came after it.
log_mark() {
	log_tag="mark $$ $tap_n"
	echo "$log_tag" > /dev/kmsg
}

log_since() {
	if dmesg | grep -q "$log_tag\$"; then
		dmesg | sed "1,/$log_tag\$/d"
	else
		echo "kshm: '$log_tag' is not in the log any more"
	fi
}

# kmemleak takes a while to tell what was not freed and nothing points to. It can be asked
# only for what came after the last time.
leaks=/sys/kernel/debug/kmemleak

forget_leaks() {
	echo clear > $leaks
}

nothing_leaked() {
	for _ in 1 2; do
		sleep 6
		echo scan > $leaks
	done
	is "nothing leaked" "$(cat $leaks)" ""
}

# finish: print the plan and end the test
finish() {
	echo "1..$tap_n"
	[ "$tap_failed" -eq 0 ] || exit 1
	exit 0
}
