# SPDX-License-Identifier: GPL-2.0-only
# On the running kernel: removed, installed from the repository, upgraded, while the module
# is loaded and in use.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh
export DEBIAN_FRONTEND=noninteractive

# apt OPTION...: what it says goes to /tmp/said
apt() {
	apt-get -y "$@" >/tmp/said 2>&1 || {
		sed 's/^/# /' /tmp/said
		return 1
	}
}

loaded() {
	[ -d /sys/module/kshm ]
}

card=$(cd /sys/class/net && echo e*)
ip link set "$card" up
ip address add 10.0.2.15/24 dev "$card"

version=$(dpkg-query -W -f '${Version}' kshm-dkms)
check "remove" apt remove kshm-dkms
check "the module is unloaded" test ! -d /sys/module/kshm
check "the device is gone" test ! -e /dev/kshm0

check "the repository is there" apt update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/kshm.sources
begin=$(date +%s%N)
check "install version $version" apt install "kshm-dkms=$version"
check "the module is loaded at once" loaded
is "the device is ready at once" "$(stat -c '%U:%G %a' /dev/kshm0)" "root:kshm 660"
diag "$((($(date +%s%N) - begin) / 1000000000)) s from apt install to /dev/kshm0, in emulation"

runuser -u member -- /t/write /dev/kshm0 'kept' >/dev/null
check "upgrade" apt install kshm-dkms
check "there is a new version on disk" test "$(modinfo -F version kshm)" != "$version"
is "the loaded module stays" "$(cat /sys/module/kshm/version)" "$version"
is "and what was written" "$(/t/read /dev/kshm0)" "kept"
check "one sentence says so" grep -c '^kshm: the module that was loaded before stays' /tmp/said

exec 7</dev/kshm0
check "remove while a program has the device open" apt remove kshm-dkms
check "the module stays" loaded
check "one sentence says so" grep -c '^kshm: the module is in use and stays loaded' /tmp/said
exec 7<&-
modprobe -r kshm || rmmod kshm
check "later it can be unloaded" test ! -d /sys/module/kshm

mv "/lib/modules/$(uname -r)/build" /tmp/build
check "install where the headers are missing" apt install kshm-dkms
check "one sentence says what to install" \
	grep "^kshm: there is no module for the running kernel.*apt install linux-headers-$(uname -r)" /tmp/said
finish
