# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For tests of kshmctl. Sourced after guest.sh.

kshmctl=kshmctl/kshmctl
# Standard error is a terminal in a guest; no bar there.
export TERM=dumb
# With sanitizers (KSHMCTL_CFLAGS of tests/check) a report is a file that the test leaves.
export ASAN_OPTIONS=log_path=/tmp/sanitizer:fast_unwind_on_malloc=0
at_exit 'cat /tmp/sanitizer.* 2>/dev/null || :'

# gives STATUS OUTPUT ARG...: the exit status of kshmctl and what it prints, messages included
gives() {
	gives_status=$1 gives_output=$2
	shift 2
	gives_got=$($kshmctl "$@" 2>&1 </dev/null) && gives_exit=0 || gives_exit=$?
	is "kshmctl $*: exit status" "$gives_exit" "$gives_status"
	is "kshmctl $*: output" "$gives_got" "$gives_output"
}

# Blanks do not matter in JSON, and differ between versions of libsmartcols.
json() {
	$kshmctl "$@" | tr -d ' \n'
}

# until COMMAND...: wait for it to succeed, 10 seconds at most
until_true() {
	for _ in $(seq 100); do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

# uses DEVICE NUMBER: whether so many files of it are open
uses() {
	[ "$(cat "/sys/class/kshm/$1/openers")" = "$2" ]
}

# mappings DEVICE NUMBER: whether it has so many mappings
mappings() {
	[ "$(cat "/sys/class/kshm/$1/mappings")" = "$2" ]
}
