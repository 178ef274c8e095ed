# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The kernels that find faults: what is different with them. They are listed in debug/kernels,
# compiled by debug/compile.sh, and come to lie in the cache as the stock kernels do.

# is_debug_kernel NAME: whether the list has it; then sets $debug_source, $debug_suite,
# $debug_compiler and $debug_parts, the names of its fragments.
is_debug_kernel() {
	while read -r debug_name debug_source debug_suite debug_compiler debug_parts; do
		[ "$debug_name" != "$1" ] || return 0
	done <"$top/tests/runner/debug/kernels"
	return 1
}

debug_kernels() {
	sed -n 's/^\([^# ]*\) .*/\1/p' "$top/tests/runner/debug/kernels" | tr '\n' ' '
}

# debug_kernel_has NAME FRAGMENT
debug_kernel_has() {
	is_debug_kernel "$1" || return
	case " $debug_parts " in
	*" $2 "*) ;;
	*) return 1 ;;
	esac
}

# What make is told when the module is built for such a kernel.
debug_make_args() {
	! is_debug_kernel "$1" || echo "CC=$debug_compiler"
	! debug_kernel_has "$1" coverage || echo "GCOV_PROFILE=y KCOV_INSTRUMENT=y"
	! has_kunit || echo KSHM_KUNIT=y
}

# has_kunit: whether the fetched kernel runs unit tests. Debian's do not.
has_kunit() {
	grep -qx CONFIG_KUNIT=y \
		"$kernel/root/usr/src/linux-headers-$release/include/config/auto.conf"
}

# Such kernels are slow, and what they know of each byte takes memory.
debug_machine() {
	is_debug_kernel "$1" || return 0
	limit=$((limit * 3))
	case $kind in
	big | whole) memory=3328M ;;
	esac
}

# More of its command line: such kernels have no ACPI, or use it only where DIMMs come and go, or
# devices are; so they have no nodes but what they make up. Transparent huge pages are as Debian has
# them. Nor have they a clock but ticks, of which a busy machine loses many: where seconds are to be
# seconds they are told of the processor's. The module alone makes few accesses, so KCSAN can watch
# more of them than its default.
debug_append() {
	is_debug_kernel "$1" || return 0
	printf %s "transparent_hugepage=always"
	case $kind in
	dimm | vfio | device*) ;;
	*) ! debug_kernel_has "$1" acpi || printf %s " acpi=off" ;;
	esac
	# they run when the module is loaded, which other tests do often
	[ "$kind" = kunit ] || printf %s " kunit.enable=0"
	[ "$kind" != numa ] || printf %s " numa=fake=2"
	[ "$kind" != race ] || printf %s " tsc=reliable tsc_early_khz=$(host_khz)"
	! debug_kernel_has "$1" kcsan || printf %s " kcsan.skip_watch=100"
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
