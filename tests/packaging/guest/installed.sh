# SPDX-License-Identifier: GPL-2.0-only
# apt install from the repository on the running kernel: the device is there at once.
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh
export DEBIAN_FRONTEND=noninteractive

check "nothing is loaded before" test ! -d /sys/module/kshm
begin=$(date +%s)
status=0
apt-get -y install kshm-dkms >/tmp/said 2>&1 </dev/null || status=$?
diag "apt install took $(($(date +%s) - begin)) s in this guest"
is "install succeeds" "$status" 0
[ $status = 0 ] || diag "$(tail -n 20 /tmp/said)"
is "the device is ready at once" "$(stat -c '%U:%G %a' /dev/kshm0)" "root:kshm 660"
is "the module is the package's" "$(cat /sys/module/kshm/version)" \
	"$(dpkg-query -W -f '${Version}' kshm-dkms)"
is "a member of the group writes and reads" "$(
	runuser -u member -- sh -c 'echo hello >/dev/kshm0 && head -c 6 /dev/kshm0')" hello
finish
