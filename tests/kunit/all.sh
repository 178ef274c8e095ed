# SPDX-License-Identifier: GPL-2.0-only
# The unit tests of src/kunit/, which run when the module is loaded.
# machine: kunit
# expect-log: buffers=: (entry|[0-9]+ entries)
# kernels: kasan kasan-6.1 kasan-7.3
set -eu
. ./lib/guest.sh

# suite NAME: its results, which are KTAP, each as a result of this test. The last line is
# about the suite itself.
suite() {
	results=/sys/kernel/debug/kunit/$1/results
	count=0
	if [ -e "$results" ]; then
		while read -r line; do
			case $line in
			*"ok "*" $1" | *"ok "*" - $1") ;;
			"ok "*)
				count=$((count + 1))
				ok "$1: ${line##* }"
				;;
			"not ok "*)
				count=$((count + 1))
				not_ok "$1: ${line##* }"
				;;
			*EXPECTATION* | *ASSERTION* | Expected*) diag "$line" ;;
			esac
		done <"$results"
	fi
	check "$1: tests have run" [ $count -gt 0 ]
	is "$1: the suite" "$(sed -n "s/^ *\(.*ok\) [0-9]* \(- \)*$1\$/\1/p" "$results")" ok
}

load buffers=none
suites=0
for directory in /sys/kernel/debug/kunit/kshm_*; do
	suites=$((suites + 1))
	suite "${directory##*/}"
done
is "suites" $suites 3
unload
finish
