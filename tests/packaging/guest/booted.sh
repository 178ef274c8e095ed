# SPDX-License-Identifier: GPL-2.0-only
# After boot the device is there, for members of the group and nobody else.
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh

as() {
	user=$1
	shift
	runuser -u "$user" -- "$@" 2>&1 || :
}

check "the module was loaded at boot" systemctl is-active -q systemd-modules-load
check "udev has handled the device" udevadm settle
is "type, user, group and mode of /dev/kshm0" "$(stat -c '%F %U:%G %a' /dev/kshm0)" \
	"character special file root:kshm 660"
is "version of the loaded module" "$(cat /sys/module/kshm/version)" \
	"$(dpkg-query -W -f '${Version}' kshm-dkms)"
# with Secure Boot the kernel trusts the key, or the module would not be loaded
case $(cat /sys/kernel/security/lockdown) in
*'[none]'*)
	taint=12288
	is "root may read /dev/mem" "$(head -c 1 /dev/mem | wc -c)" 1
	;;
*) taint=4096 ;;
esac
is "taint of the kernel" "$(cat /proc/sys/kernel/tainted)" $taint
address=$(as outsider cat /sys/class/kshm/kshm0/phys_addr)
check "another user reads the physical address: $address" test $((address)) -gt 0
is "a member of the group writes through a mapping" "$(as member /t/write /dev/kshm0 'from a member' |
	sed 's/ to .*address / to /')" "wrote 13 bytes to $address"
is "a member of the group reads through a mapping" "$(as member /t/read /dev/kshm0)" "from a member"
is "another user is refused" "$(as outsider /t/read /dev/kshm0)" \
	"/dev/kshm0: Permission denied"
modprobe kshm_upper
udevadm settle
is "a kernel module that uses kshm answers" "$(/t/upper /dev/kshm-by-name/upper 'hello')" HELLO
modprobe -r kshm_upper
finish
