# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared with those who source it
# All parts of the guest machinery, for scripts that use most of them. Sourced, with $top
# set to the root of the source tree.

# shellcheck source=tests/guest/lib.sh
. "$top/tests/guest/lib.sh"
# shellcheck source=tests/guest/apt.sh
. "$top/tests/guest/apt.sh"
# shellcheck source=tests/guest/kernel.sh
. "$top/tests/guest/kernel.sh"
# shellcheck source=tests/guest/root.sh
. "$top/tests/guest/root.sh"
# shellcheck source=tests/guest/debug.sh
. "$top/tests/guest/debug.sh"
# shellcheck source=tests/guest/debug/compile.sh
. "$top/tests/guest/debug/compile.sh"
# shellcheck source=tests/guest/build.sh
. "$top/tests/guest/build.sh"
# shellcheck source=tests/guest/clang.sh
. "$top/tests/guest/clang.sh"
# shellcheck source=tests/guest/programs.sh
. "$top/tests/guest/programs.sh"
# shellcheck source=tests/guest/initramfs.sh
. "$top/tests/guest/initramfs.sh"
# shellcheck source=tests/guest/profiles
. "$top/tests/guest/profiles"
# shellcheck source=tests/guest/disk.sh
. "$top/tests/guest/disk.sh"
# shellcheck source=tests/guest/coverage.sh
. "$top/tests/guest/coverage.sh"
# shellcheck source=tests/guest/fuzz.sh
. "$top/tests/guest/fuzz.sh"
# shellcheck source=tests/guest/boot.sh
. "$top/tests/guest/boot.sh"
# shellcheck source=tests/guest/selftest.sh
. "$top/tests/guest/selftest.sh"
# shellcheck source=tests/guest/broken.sh
. "$top/tests/guest/broken.sh"

# The suite that this machine runs.
host_suite=$(sed -n "s/^VERSION_CODENAME=//p" /etc/os-release)

# What boots a guest, what compiles test programs, what makes roots.
boot_packages='qemu-system-x86 busybox-static cpio kmod e2fsprogs xz-utils'
host_packages="$boot_packages make gcc libc6-dev gcc-multilib mmdebstrap mount patch"
