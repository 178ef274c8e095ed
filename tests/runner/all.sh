# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared with those who source it
# All parts of the runner, for scripts that use most of them. Sourced, with $top set to the
# root of the source tree.

# shellcheck source=tests/runner/lib.sh
. "$top/tests/runner/lib.sh"
# shellcheck source=tests/runner/arch
. "$top/tests/runner/arch"
choose_arch "$host_arch"
# shellcheck source=tests/runner/apt.sh
. "$top/tests/runner/apt.sh"
# shellcheck source=tests/runner/kernel.sh
. "$top/tests/runner/kernel.sh"
# shellcheck source=tests/runner/root.sh
. "$top/tests/runner/root.sh"
# shellcheck source=tests/runner/debug.sh
. "$top/tests/runner/debug.sh"
# shellcheck source=tests/runner/debug/compile.sh
. "$top/tests/runner/debug/compile.sh"
# shellcheck source=tests/runner/build.sh
. "$top/tests/runner/build.sh"
# shellcheck source=tests/runner/clang.sh
. "$top/tests/runner/clang.sh"
# shellcheck source=tests/runner/programs.sh
. "$top/tests/runner/programs.sh"
# shellcheck source=tests/runner/languages.sh
. "$top/tests/runner/languages.sh"
# shellcheck source=tests/runner/initramfs.sh
. "$top/tests/runner/initramfs.sh"
# shellcheck source=tests/runner/machines
. "$top/tests/runner/machines"
# shellcheck source=tests/runner/disk.sh
. "$top/tests/runner/disk.sh"
# shellcheck source=tests/runner/coverage.sh
. "$top/tests/runner/coverage.sh"
# shellcheck source=tests/runner/fuzz.sh
. "$top/tests/runner/fuzz.sh"
# shellcheck source=tests/runner/monitor.sh
. "$top/tests/runner/monitor.sh"
# shellcheck source=tests/runner/boot.sh
. "$top/tests/runner/boot.sh"
# shellcheck source=tests/runner/selftest.sh
. "$top/tests/runner/selftest.sh"
# shellcheck source=tests/runner/mutants.sh
. "$top/tests/runner/mutants.sh"

# The Debian suite of this machine.
host_suite=$(sed -n "s/^VERSION_CODENAME=//p" /etc/os-release)

# Packages that boot a guest; that compile test programs and make roots.
boot_packages="$qemu_package busybox-static cpio kmod e2fsprogs xz-utils"
host_packages="$boot_packages make gcc libc6-dev $(compilers_32) libsmartcols-dev liburing-dev libibverbs-dev iproute2
	mmdebstrap mount patch"
