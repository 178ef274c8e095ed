# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Prove that what goes wrong in a guest is found out. Each of selftest/*.sh does one thing
# and names in a line "# expect: LINE" the result that must come of it, without the
# guest's name. Those that say "# fatal: PROFILE" have a guest of their own.

# selftest_guest PROFILE CASE...: boots them and leaves their lines in $tap.
selftest_guest() {
	run_guest "$selftest_kernel" "$@" | sed "s,$selftest_kernel/$1/,," >"$tap"
}

# selftest_line CASE LINE: whether $tap has a line that begins so.
selftest_line() {
	if line=$2 awk 'index($0, ENVIRON["line"]) == 1 { found = 1 } END { exit !found }' "$tap"; then
		echo "ok - $selftest_kernel/selftest/$1: gives '$2'"
	else
		sed 's/^/# /' "$tap"
		echo "not ok - $selftest_kernel/selftest/$1: gives '$2'"
	fi
}

# selftest_verdicts CASE...: compare $tap with what is expected.
selftest_verdicts() {
	for case; do
		expected=$(sed -n 's/^# expect: //p' "$tests/$case.sh")
		selftest_line "$case" "$expected"
	done
}

# selftest NAME: with this kernel, which was fetched.
selftest() {
	selftest_kernel=$1
	# its logs are not those of failed guests, and it has no module
	build=$build/selftest
	tests=$top/tests/guest/selftest
	mkdir -p "$build"
	tap=$build/tap
	mild=''
	for file in "$tests"/*.sh; do
		case=${file##*/}
		case=${case%.sh}
		own=$(sed -n 's/^# fatal: //p' "$file")
		if [ -n "$own" ]; then
			selftest_guest "$own" "$case"
			selftest_verdicts "$case"
		else
			mild="$mild $case"
		fi
	done
	# shellcheck disable=SC2086 # a list of names
	selftest_guest selftest $mild missing
	# shellcheck disable=SC2086
	selftest_verdicts $mild
	selftest_line missing "not ok - missing: there is no such test"
	selftest_line token "ok - token: "
	# a test without a fault stays without one beside the others
	if grep -q '^not ok - passes' "$tap"; then
		echo "not ok - $selftest_kernel/selftest/passes: blamed for the others"
	else
		echo "ok - $selftest_kernel/selftest/passes: not blamed for the others"
	fi
}
