# SPDX-License-Identifier: GPL-2.0-only
# With Secure Boot and dkms's key enrolled, the module is loaded because of its signature, and
# kshm works where lockdown closes /dev/mem.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh

key=/var/lib/dkms/mok.pub

is "Secure Boot is on" "$(mokutil --sb-state)" "SecureBoot enabled"
is "the key is enrolled" "$(mokutil --test-key $key)" "$key is already enrolled"
is "sig_enforce" "$(cat /sys/module/module/parameters/sig_enforce)" Y
diag "lockdown: $(cat /sys/kernel/security/lockdown)"
is "lockdown" "$(sed 's/.*\[\(.*\)\].*/\1/' /sys/kernel/security/lockdown)" \
	integrity

modprobe -r kshm
file=$(modinfo -n kshm)
case $file in
*.xz) xz -dc "$file" >/tmp/kshm.ko ;;
*) cp "$file" /tmp/kshm.ko ;;
esac
strip --strip-debug /tmp/kshm.ko
is "load the module without its signature" "$(insmod /tmp/kshm.ko 2>&1)" \
	"insmod: ERROR: could not insert module /tmp/kshm.ko: Key was rejected by service"
is "load the module with its signature" "$(modprobe kshm 2>&1)" ""
udevadm settle

is "root reads /dev/mem" "$(head -c 1 /dev/mem 2>&1)" \
	"head: cannot open '/dev/mem' for reading: Operation not permitted"
is "a member of the group writes and reads a buffer" "$(
	runuser -u member -- sh -c 'echo hello >/dev/kshm0 && head -c 6 /dev/kshm0')" hello
finish
