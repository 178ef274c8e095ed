# SPDX-License-Identifier: GPL-2.0-only
# What the package's scripts do on the running kernel when it is installed and removed.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh

loaded() {
	[ -d /sys/module/kshm ]
}

# says PATTERN COMMAND...: it succeeds and says this.
says() {
	pattern=$1
	shift
	if ! "$@" >/tmp/said 2>&1 || ! grep -q "$pattern" /tmp/said; then
		diag "$(cat /tmp/said)"
		return 1
	fi
}

is "nothing is to be said where the module is loaded" "$(/usr/lib/kshm/kshm-module load)" ""
modprobe -r kshm
is "nor where it can be loaded" "$(/usr/lib/kshm/kshm-module load)" ""
check "it is loaded at once" loaded
is "and the device is ready" "$(stat -c '%U:%G %a' /dev/kshm0)" "root:kshm 660"

modprobe -r kshm
modules=/lib/modules/$(uname -r)
mv "$modules/updates" "$modules/build" /tmp
check "without headers and module one sentence says what to install" says \
	"^kshm: there is no module for the running kernel.*apt install linux-headers-$(uname -r)" \
	/usr/lib/kshm/kshm-module load
check "which does not fail for that" test ! -d /sys/module/kshm
mv /tmp/updates /tmp/build "$modules"
modprobe kshm
udevadm settle

exec 7</dev/kshm0
check "unload while a program has the device open: one sentence says that the module stays" \
	says '^kshm: the module is in use and stays loaded' /usr/lib/kshm/kshm-module unload
check "it stays" loaded
exec 7<&-
is "later there is nothing to say" "$(/usr/lib/kshm/kshm-module unload)" ""
check "the module is unloaded" test ! -d /sys/module/kshm
check "the device is gone" test ! -e /dev/kshm0
finish
