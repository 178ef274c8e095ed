# SPDX-License-Identifier: GPL-2.0-only
# apt purge while the module is loaded and not in use: the module is unloaded, and only the
# group remains.
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh
export DEBIAN_FRONTEND=noninteractive

[ -d /sys/module/kshm ] || modprobe kshm
udevadm settle
check "/dev/kshm0 exists" test -c /dev/kshm0
status=0
apt-get -y purge kshm-dkms kshm-dev kshm-utils >/tmp/said 2>&1 </dev/null || status=$?
is "exit status of the purge" "$status" 0
is "messages about the module" "$(grep '^kshm:' /tmp/said)" ""
[ $status = 0 ] || diag "$(tail -n 20 /tmp/said)"
udevadm settle
check "the module is unloaded" test ! -d /sys/module/kshm
is "files and devices of kshm" "$(
	find /dev /etc /run /sys/class /usr /var \( -path /etc/apt -o -path /var/lib/apt -o -path /var/cache/apt \) \
		-prune -o -name '*kshm*' ! -name kshm-packages ! -name '*kshm-test.service' -print
	grep -l kshm /lib/modules/*/modules.* || :
)" ""
is "dkms status" "$(dkms status)" ""
check "the group remains, as README.Debian says" getent group kshm
finish
