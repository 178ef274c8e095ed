# SPDX-License-Identifier: GPL-2.0-only
# What the package's scripts do on the running kernel when it is installed and removed.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh

loaded() {
	[ -d /sys/module/kshm ]
}

# says PATTERN COMMAND...: it succeeds and its output matches
says() {
	pattern=$1
	shift
	if ! "$@" >/tmp/said 2>&1 || ! grep -q "$pattern" /tmp/said; then
		diag "$(cat /tmp/said)"
		return 1
	fi
}

is "kshm-module load while the module is loaded" "$(/usr/lib/kshm/kshm-module load)" ""
modprobe -r kshm
is "kshm-module load while the module can be loaded" "$(/usr/lib/kshm/kshm-module load)" ""
check "the module is loaded" loaded
is "user, group and mode of /dev/kshm0" "$(stat -c '%U:%G %a' /dev/kshm0)" "root:kshm 660"

modprobe -r kshm
modules=/lib/modules/$(uname -r)
mv "$modules/updates" "$modules/build" /tmp
check "kshm-module load without headers and module says what to install" says \
	"^kshm: there is no module for the running kernel.*apt install linux-headers-$(uname -r)" \
	/usr/lib/kshm/kshm-module load
check "the module is not loaded then" test ! -d /sys/module/kshm
mv /tmp/updates /tmp/build "$modules"
modprobe kshm
udevadm settle

exec 7</dev/kshm0
check "kshm-module unload while a program has the device open says that the module stays" \
	says '^kshm: the module is in use and stays loaded' /usr/lib/kshm/kshm-module unload
check "the module stays" loaded
exec 7<&-
is "kshm-module unload after the program closed the device" "$(/usr/lib/kshm/kshm-module unload)" ""
check "the module is unloaded" test ! -d /sys/module/kshm
check "the device is gone" test ! -e /dev/kshm0
finish
