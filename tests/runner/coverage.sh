# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Coverage: how much of the module all guests of the kernel kasan have run, by gcov, in
# build/coverage.
#
# The default run does not reach: fatal signals at certain moments (while a range is zeroed,
# between two blocks, while another program has the lock); pages with a memory error, which
# this kernel's guests do not have; memory that cannot be cached again. Unit tests run what they
# test, but do not count themselves.
#
# Branches inside of the kernel's own macros do not count: FORTIFY_SOURCE, bit operations,
# lockdep, tracepoints; nor do the headers of trace events, from which macros make code, nor
# the macros that make show and store of each attribute in configfs: all have the same branch
# for a signal that comes while another program has the lock.

lines_wanted=95
branches_wanted=85
not_counted='.*\b(strscpy|memcpy|memset|memchr|(test|set)_bit|__test_and_clear_bit|lockdep_assert_held|trace_kshm_[a-z_]+|KSHM_CFG_(SHOW|STORE))\(.*'

# save_coverage DIR: put the counters that a guest sent into DIR/coverage/, with the compiler's
# notes.
save_coverage() {
	grep -q '^@gcda' "$1/results" || return 0
	mkdir -p "$1/coverage"
	sed -n 's/^@gcda //p' "$1/results" | tr -d '\r' | base64 -d | tar -xz -C "$1/coverage"
	cp -R "$build/$guest_kernel/gcno/." "$1/coverage/"
}

# The notes contain the path of the source at compile time, so the source must be there; the
# kernel's headers must be where gcov is started.
coverage_report() {
	place=$(cat "$build/kasan/place")
	rm -rf "$root/tmp/guests" "${root:?}$place"
	mkdir -p "$root/tmp/guests/arch/$kernel_arch"
	cp -R "$kernel/root/usr/src/linux-headers-$release/include" "$root/tmp/guests/"
	cp -R "$kernel/root/usr/src/linux-headers-$release/arch/$kernel_arch/include" "$root/tmp/guests/arch/$kernel_arch/"
	cp -R "$top/src" "$root$place"
	for guest in "$build"/guests/kasan-*; do
		[ ! -d "$guest/coverage" ] || cp -R "$guest/coverage" "$root/tmp/guests/${guest##*/}"
	done
	# shellcheck disable=SC2016 # for the other shell
	in_root "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -euc '
		cd "$1"
		mkdir report
		gcovr --gcov-executable "$2" --gcov-ignore-errors no_working_dir_found --root "$1" \
			--exclude-branches-by-pattern "$3" --exclude "$1/kunit/" \
			--exclude ".*trace[.]h" \
			--html-details report/index.html --json-summary report/summary.json \
			--txt report/table.txt /tmp/guests
	' sh "$place" "gcov-${compiler#gcc-}" "$not_counted" || return
	rm -rf "$build/coverage"
	mv "$root$place/report" "$build/coverage"
	rm -rf "$root/tmp/guests" "${root:?}$place"
}

# coverage_of KIND: of all files, as a whole percentage
coverage_of() {
	in_root "$root" python3 -c 'import json, sys
print(int(json.load(sys.stdin)[sys.argv[1] + "_percent"]))' "$1" <"$build/coverage/summary.json"
}

# coverage_verdict KIND WANTED PLURAL
coverage_verdict() {
	got=$(coverage_of "$1")
	if [ "${got:-0}" -ge "$2" ]; then
		ok "coverage: $got % of all $3, at least $2 %"
	else
		not_ok "coverage: ${got:-0} % of all $3, at least $2 %"
	fi
}

coverage() {
	kernel_fetch kasan
	compiler=$(cat "$kernel/compiler")
	debian_root trixie-coverage trixie "$compiler" gcovr || return
	coverage_report >"$build/coverage.log" 2>&1 || {
		not_ok "coverage: gcovr makes a report"
		diag_file "$build/coverage.log"
		return
	}
	sed 's/^/# /' "$build/coverage/table.txt"
	coverage_verdict line $lines_wanted lines
	coverage_verdict branch $branches_wanted branches
}
