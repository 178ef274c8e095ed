# SPDX-License-Identifier: GPL-2.0-only
# From the source tree, without the package: make install on the running kernel as README.md
# says it, and make uninstall.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh
export DEBIAN_FRONTEND=noninteractive

# said COMMAND...: what it prints is shown when it fails
said() {
	"$@" >/tmp/said 2>&1 || {
		tail -n 20 /tmp/said | sed 's/^/# /'
		return 1
	}
}

# files of kshm that are on the machine
files() {
	find /usr/local /lib/modules/*/updates -name '*kshm*' 2>/dev/null || :
}

is "the package is not here" "$(files)" ""
version=$(sed -n 's/^#define KSHM_VERSION "\(.*\)"/\1/p' source/src/version.h)

check "make install" said make -C source install
check "udev is done" udevadm settle
is "the module is the tree's" "$(cat /sys/module/kshm/version)" "$version"
is "the device is ready at once" "$(stat -c '%U:%G %a' /dev/kshm0)" "root:kshm 660"
is "and so is the link" "$(readlink /dev/kshm)" kshm0
is "a member of the group writes and reads" "$(
	runuser -u member -- sh -c 'echo hello >/dev/kshm0 && head -c 6 /dev/kshm0')" hello
check "modprobe finds the module" said modprobe -n -v kshm
check "it is loaded at boot" grep -x kshm /usr/local/lib/modules-load.d/kshm.conf
check "the manual is there" test -s /usr/local/share/man/man4/kshm.4
check "and the header for programs" test -s /usr/local/include/linux/kshm.h

check "make uninstall" said make -C source uninstall
check "the module is unloaded" test ! -d /sys/module/kshm
check "the device is gone" test ! -e /dev/kshm0
is "no file is left" "$(files)" ""
finish
