# SPDX-License-Identifier: GPL-2.0-only
# From the source tree, without the package: make install on the running kernel, as README.md
# says, and make uninstall.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh
export DEBIAN_FRONTEND=noninteractive

# files: of kshm, on the machine
files() {
	find /usr/local /lib/modules/*/updates -name '*kshm*' 2>/dev/null || :
}

is "files of kshm without the package" "$(files)" ""
# shellcheck source=packages/lib.sh
version=$(cd source && . ./packages/lib.sh && echo "$version")

check "make install" make -C source install
check "udev has handled the device" udevadm settle
is "version of the loaded module" "$(cat /sys/module/kshm/version)" "$version"
is "user, group and mode of /dev/kshm0" "$(stat -c '%U:%G %a' /dev/kshm0)" "root:kshm 660"
is "target of /dev/kshm" "$(readlink /dev/kshm)" kshm0
is "a member of the group writes and reads" "$(
	runuser -u member -- sh -c 'echo hello >/dev/kshm0 && head -c 6 /dev/kshm0')" hello
check "modprobe finds the module" modprobe -n -v kshm
check "the module is loaded at boot" grep -x kshm /usr/local/lib/modules-load.d/kshm.conf
check "the manual is installed" test -s /usr/local/share/man/man4/kshm.4
check "the header for programs is installed" test -s /usr/local/include/linux/kshm.h

check "make uninstall" make -C source uninstall
check "the module is unloaded" test ! -d /sys/module/kshm
check "the device is gone" test ! -e /dev/kshm0
is "files of kshm after make uninstall" "$(files)" ""
finish
