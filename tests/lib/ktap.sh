# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# KTAP for shell scripts: tests in a guest, lint, packaging, the demo and the runner. Sourced.
#
# ktap_prefix  begins the title of each result
# ktap_output  the file that has the output of the last check
# ktap_log     a file that keeps the output of all checks, with the time in seconds

ktap_n=0
ktap_failed=0
ktap_prefix=
ktap_log=
ktap_output=${TMPDIR:-/tmp}/ktap.$$
ktap_cleanup=

# at_exit COMMAND: run this line of shell when the script ends, the last one first.
at_exit() {
	ktap_cleanup="$*
$ktap_cleanup"
}

ktap_exit() {
	ktap_status=$?
	set +e
	eval "$ktap_cleanup"
	rm -f "$ktap_output"
	exit $ktap_status
}
trap ktap_exit EXIT

ok() {
	ktap_n=$((ktap_n + 1))
	printf 'ok %d - %s%s\n' $ktap_n "$ktap_prefix" "$*"
}

not_ok() {
	ktap_n=$((ktap_n + 1))
	ktap_failed=$((ktap_failed + 1))
	printf 'not ok %d - %s%s\n' $ktap_n "$ktap_prefix" "$*"
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# diag_file FILE: the end of a file
diag_file() {
	tail -n 40 "$1" | sed 's/^/# /'
}

# skip TITLE WHY
skip() {
	ok "$1 # SKIP $2"
}

# require TITLE COMMAND ARG...: passes when the command succeeds; shows its output and returns
# 1 when it fails
require() {
	check_title=$1
	shift
	check_status=0
	"$@" >"$ktap_output" 2>&1 </dev/null || check_status=1
	if [ $check_status -eq 0 ]; then
		ok "$check_title"
	else
		not_ok "$check_title"
		diag "failed: $*"
		diag_file "$ktap_output"
	fi
	[ -z "$ktap_log" ] || {
		printf '\n== %s %s: %s\n' "$(date +%s)" "$check_title" "$*"
		cat "$ktap_output"
	} >>"$ktap_log"
	return $check_status
}

# check TITLE COMMAND ARG...: the same, but the script goes on after a failure
check() {
	require "$@" || :
}

# is TITLE GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		diag "got  '$2'"
		diag "want '$3'"
	fi
}

# skip_all WHY: nothing can be tested here; ends the script
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# finish: print the plan and end the script
finish() {
	echo "1..$ktap_n"
	[ "$ktap_n" -gt 0 ] && [ "$ktap_failed" -eq 0 ]
	exit
}
