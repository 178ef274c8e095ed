# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Test the runner: it must report what goes wrong in a guest. Each of selftest/*.sh does one
# thing and names in a line "# expect: LINE" the result that it must cause, without the
# guest's name. Those with a line "# fatal: MACHINE" have a guest of their own; those with a
# line "# clean" must not cause a failure.

# selftest_guest MACHINE CASE...: boots them and leaves their lines in $tap.
selftest_guest() {
	run_guest "$selftest_kernel" "$@" | sed "s,^\(not \)*ok [0-9]* - ,\1ok - ,; s,$selftest_kernel/$1/,," >"$tap"
}

# selftest_line CASE LINE: whether $tap has a line that begins so.
selftest_line() {
	if line=$2 awk 'index($0, ENVIRON["line"]) == 1 { found = 1 } END { exit !found }' "$tap"; then
		ok "$selftest_kernel/selftest/$1: causes '$2'"
	else
		not_ok "$selftest_kernel/selftest/$1: causes '$2'"
		diag_file "$tap"
	fi
}

# selftest_verdicts CASE...: compare $tap with what is expected.
selftest_verdicts() {
	for case; do
		expected=$(sed -n 's/^# expect: //p' "$tests/$case.sh")
		selftest_line "$case" "$expected"
	done
}

# selftest_part TITLE SCRIPT WANTED: the output when a part of the packaging tests is SCRIPT.
selftest_part() {
	got=$(unless_passed part sh -c "$2") || got="$got, status $?"
	is "selftest/result-cache: $1" "$(echo "$got" | grep -v '^#')" "$3"
}

# A part that passed is not run again; any other one is.
selftest_result_cache() {
	cache=$build/cache
	rm -rf "$cache"
	unset KSHM_AGAIN
	selftest_part "a part that ends early fails" 'echo "ok - a"; exit 3' "ok - a, status 3"
	selftest_part "a part that ended early is run again" 'echo "ok - b"; echo "not ok - c"' "ok - b
not ok - c"
	selftest_part "a part with a failure is run again" 'echo "ok - d"' "ok - d"
	selftest_part "a part that passed is not run again" 'echo "ok - e"' "ok - d"
	KSHM_AGAIN=1
	selftest_part "KSHM_AGAIN=1 runs it again" 'echo "not ok - f"' "not ok - f"
	unset KSHM_AGAIN
	selftest_part "after a failure the old result does not count" 'echo "ok - g"' "ok - g"
}

selftest_step() {
	echo in
	sleep 1
	echo out
}

selftest_nested() {
	locked selftest-inner selftest_step
}

# Two steps that need the same lock, each while it holds another one.
selftest_locked() {
	cache=$build/cache
	got=$({
		locked selftest-a selftest_nested &
		locked selftest-b selftest_nested
		wait
	} | tr '\n' ' ')
	is "selftest/locked: nested locks are taken one after the other" "$got" "in out in out "
}

# ACCEL reaches QEMU's command line.
selftest_accel() {
	for ACCEL in tcg kvm; do
		choose_machine basic
		echo "$accel $cpu"
	done
	choose_machine bench-time
	echo "$accel $cpu"
}

# selftest NAME: with this kernel, which was fetched.
selftest() {
	selftest_kernel=$1
	# logs of its own; no module
	build=$build/selftest
	tests=$top/tests/runner/selftest
	mkdir -p "$build"
	(selftest_result_cache)
	(selftest_locked)
	is "selftest/accel: accelerators and processors" "$(selftest_accel | tr '\n' ' ')" \
		"tcg max,la57=off,-erms,-avx,-avx2,-cx16 kvm host tcg qemu64 "
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
	# the failures of others are not counted against a test that is clean
	for file in "$tests"/*.sh; do
		grep -q '^# clean' "$file" || continue
		case=${file##*/}
		case=${case%.sh}
		if grep -q "^not ok - $case:" "$tap"; then
			not_ok "$selftest_kernel/selftest/$case: has no failure"
		else
			ok "$selftest_kernel/selftest/$case: has no failure"
		fi
	done
}
