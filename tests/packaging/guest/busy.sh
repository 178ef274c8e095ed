# SPDX-License-Identifier: GPL-2.0-only
# apt remove while a program uses a buffer: the module stays until it is unloaded as the
# package says.
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh
export DEBIAN_FRONTEND=noninteractive

exec 7<>/dev/kshm0
echo hello >&7
status=0
apt-get -y remove kshm-dkms >/tmp/said 2>&1 </dev/null 7>&- || status=$?
is "remove succeeds" "$status" 0
sentence=$(grep '^kshm:' /tmp/said || :)
diag "$sentence"
command=${sentence##*later: }
check "the module stays" test -d /sys/module/kshm
is "and so does what the program wrote" "$(head -c 6 /dev/kshm0)" hello
exec 7>&-
is "later it is unloaded as the sentence says" "$(${command%.} 2>&1)" ""
check "the module is gone" test ! -d /sys/module/kshm
udevadm settle
check "the device is gone" test ! -e /dev/kshm0
finish
