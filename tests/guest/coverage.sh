# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# How much of the module all guests of the kernel kasan have run, by gcov: build/coverage.
#
# What the guests of a plain check leave out: where a fatal signal comes at one moment (in
# carveout.c and take.c while they zero, in configfs.c and contig.c while another program has
# the lock); in buffer.c sizes below a huge page, for zones too small to have one, which this
# kernel has not; in contig.c other nodes, which guests of make stress have, and 64 windows in
# vain.
#
# Branches do not count that macros of the kernel bring along: what the compiler knows of
# lengths (FORTIFY_SOURCE) and of bits, and whether a lock is held.

lines_wanted=95
branches_wanted=85
kernels_own='.*\b(strscpy|memcpy|memset|memchr|test_bit|__test_and_clear_bit|lockdep_assert_held)\(.*'

# save_coverage DIR: what a guest told, to DIR/coverage/, beside what the compiler wrote.
save_coverage() {
	grep -q '^@gcda' "$1/results" || return 0
	mkdir -p "$1/coverage"
	sed -n 's/^@gcda //p' "$1/results" | tr -d '\r' | base64 -d | tar -xz -C "$1/coverage"
	cp "$build/$guest_kernel"/*.gcno "$1/coverage/"
}

# The compiler wrote down where the source was: there the report reads it, and the kernel's
# headers from the place where gcov is started.
coverage_report() {
	place=$(cat "$build/kasan/place")
	rm -rf "$root/tmp/guests" "${root:?}$place"
	mkdir -p "$root/tmp/guests/arch/x86"
	cp -R "$kernel/root/usr/src/linux-headers-$release/include" "$root/tmp/guests/"
	cp -R "$kernel/root/usr/src/linux-headers-$release/arch/x86/include" "$root/tmp/guests/arch/x86/"
	cp -R "$top/src" "$root$place"
	for guest in "$build"/guests/kasan-*; do
		[ ! -d "$guest/coverage" ] || cp -R "$guest/coverage" "$root/tmp/guests/${guest##*/}"
	done
	# shellcheck disable=SC2016 # for the other shell
	in_root "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -euc '
		cd "$1"
		mkdir report
		gcovr --gcov-executable "$2" --gcov-ignore-errors no_working_dir_found --root "$1" \
			--exclude-branches-by-pattern "$3" \
			--html-details report/index.html --json-summary report/summary.json \
			--txt report/table.txt /tmp/guests
	' sh "$place" "gcov-${debug_compiler#gcc-}" "$kernels_own" || return
	rm -rf "$build/coverage"
	mv "$root$place/report" "$build/coverage"
	rm -rf "$root/tmp/guests" "${root:?}$place"
}

# coverage_of KIND: per cent of all files together, without a fraction
coverage_of() {
	in_root "$root" python3 -c 'import json, sys
print(int(json.load(sys.stdin)[sys.argv[1] + "_percent"]))' "$1" <"$build/coverage/summary.json"
}

# coverage_verdict KIND WANTED PLURAL
coverage_verdict() {
	got=$(coverage_of "$1")
	if [ "${got:-0}" -ge "$2" ]; then
		echo "ok - coverage: $got % of all $3, at least $2 %"
	else
		echo "not ok - coverage: ${got:-0} % of all $3, less than $2 %"
	fi
}

coverage() {
	kernel_fetch kasan
	debian_root trixie-coverage trixie "$debug_compiler" gcovr || return
	coverage_report >"$build/coverage.log" 2>&1 || {
		tail -n 20 "$build/coverage.log" | sed 's/^/# /'
		echo "not ok - coverage: a report"
		return
	}
	sed 's/^/# /' "$build/coverage/table.txt"
	coverage_verdict line $lines_wanted lines
	coverage_verdict branch $branches_wanted branches
}
