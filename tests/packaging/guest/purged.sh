# SPDX-License-Identifier: GPL-2.0-only
# apt purge while the module is loaded and nobody uses it: it is unloaded and nothing is
# left but the group.
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh
export DEBIAN_FRONTEND=noninteractive

[ -d /sys/module/kshm ] || modprobe kshm
udevadm settle
check "the device is there" test -c /dev/kshm0
status=0
apt-get -y purge kshm-dkms kshm-dev >/tmp/said 2>&1 </dev/null || status=$?
is "purge succeeds" "$status" 0
is "and has nothing to say about the module" "$(grep '^kshm:' /tmp/said)" ""
[ $status = 0 ] || diag "$(tail -n 20 /tmp/said)"
udevadm settle
check "the module is unloaded" test ! -d /sys/module/kshm
is "no file and no device is left" "$(
	find /dev /etc /run /sys/class /usr /var \( -path /etc/apt -o -path /var/lib/apt -o -path /var/cache/apt \) \
		-prune -o -name '*kshm*' ! -name kshm-packages ! -name kshm-test.service -print
	grep -l kshm /lib/modules/*/modules.* || :
)" ""
is "dkms knows of none" "$(dkms status)" ""
check "the group stays, as README.Debian says" getent group kshm
finish
