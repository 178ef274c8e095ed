# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Prove that what goes wrong in a guest is found out. Each of selftest/*.sh does one thing
# and names in a line "# expect: LINE" the result that must come of it, without the
# guest's name. Those that say "# fatal: PROFILE" have a guest of their own; of those that say
# "# clean" nothing may be "not ok".

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

# selftest_part WHAT SCRIPT WANTED: what comes of a part of the packaging tests that is this.
selftest_part() {
	got=$(unless_passed part sh -c "$2") || got="$got, status $?"
	got=$(echo "$got" | grep -v '^#')
	if [ "$got" = "$3" ]; then
		echo "ok - selftest/kept: $1"
	else
		echo "# got '$got'"
		echo "not ok - selftest/kept: $1"
	fi
}

# A part that passed is not run again, any other one is.
selftest_kept() {
	cache=$build/cache
	rm -rf "$cache"
	unset KSHM_AGAIN
	selftest_part "a part that breaks off fails" 'echo "ok - a"; exit 3' "ok - a, status 3"
	selftest_part "it is run again" 'echo "ok - b"; echo "not ok - c"' "ok - b
not ok - c"
	selftest_part "so is one with a bad result" 'echo "ok - d"' "ok - d"
	selftest_part "one that passed is not" 'echo "ok - e"' "ok - d"
	KSHM_AGAIN=1
	selftest_part "but when that is wanted" 'echo "not ok - f"' "not ok - f"
	unset KSHM_AGAIN
	selftest_part "and then what passed before does not count" 'echo "ok - g"' "ok - g"
}

selftest_step() {
	echo in
	sleep 1
	echo out
}

selftest_nested() {
	locked selftest-inner selftest_step
}

# Two that need the same thing, each while it makes something else.
selftest_locked() {
	cache=$build/cache
	got=$({
		locked selftest-a selftest_nested &
		locked selftest-b selftest_nested
		wait
	} | tr '\n' ' ')
	if [ "$got" = "in out in out " ]; then
		echo "ok - selftest/locked: one after the other"
	else
		echo "not ok - selftest/locked: one after the other, got '$got'"
	fi
}

# selftest NAME: with this kernel, which was fetched.
selftest() {
	selftest_kernel=$1
	# its logs are not those of failed guests, and it has no module
	build=$build/selftest
	tests=$top/tests/guest/selftest
	mkdir -p "$build"
	(selftest_kept)
	(selftest_locked)
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
	# shellcheck disable=SC2086 # a list of names
	selftest_verdicts $mild
	selftest_line missing "not ok - missing: there is no such test"
	selftest_line token "ok - token: "
	# a test without a fault stays without one beside the others
	for file in "$tests"/*.sh; do
		grep -q '^# clean' "$file" || continue
		case=${file##*/}
		case=${case%.sh}
		if grep -q "^not ok - $case" "$tap"; then
			echo "not ok - $selftest_kernel/selftest/$case: blamed for the others"
		else
			echo "ok - $selftest_kernel/selftest/$case: not blamed for the others"
		fi
	done
}
