# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Kernels that find faults, kasan and kcsan: what is different with them. They are compiled
# by debug/compile.sh and come to lie in the cache as the stock kernels do.

is_debug_kernel() {
	[ -e "$top/tests/guest/debug/$1.config" ]
}

# What make is told when the module is built for such a kernel.
debug_make_args() {
	! is_debug_kernel "$1" || echo "CC=$debug_compiler"
	[ "$1" != kasan ] || echo "GCOV_PROFILE=y KCOV_INSTRUMENT=y"
}

# Such kernels are slow, and what they know of each byte takes memory.
debug_profile() {
	is_debug_kernel "$1" || return 0
	limit=$((limit * 3))
	[ "$kind" != big ] || memory=3328M
}

# More of its command line: such kernels have no ACPI, and so no nodes but what they make up;
# transparent huge pages are as Debian has them. Nor have they a clock but ticks, of which
# a busy machine loses many: where seconds are to be seconds they are told of the
# processor's. The module alone makes few accesses, so KCSAN can watch more of them than its
# default.
debug_append() {
	is_debug_kernel "$1" || return 0
	printf %s "transparent_hugepage=always"
	[ "$kind" != numa ] || printf %s " numa=fake=2"
	[ "$kind" != race ] || printf %s " tsc=reliable tsc_early_khz=$(host_khz)"
	[ "$1" != kcsan ] || printf %s " kcsan.skip_watch=100"
	# these look for leaks, and to remember every allocation takes time
	case $kind in
	carveout | failures) ;;
	*) printf %s " kmemleak=off" ;;
	esac
}

# How fast the processor's clock is, which emulation shows as it is.
host_khz() {
	awk -F: '/^cpu MHz/ { printf "%d", $2 * 1000; exit }' /proc/cpuinfo
}
