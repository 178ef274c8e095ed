# SPDX-License-Identifier: GPL-2.0-only
# After boot the device is there, for members of the group and nobody else.
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh

as() {
	user=$1
	shift
	runuser -u "$user" -- "$@" 2>&1 || :
}

check "the module was loaded at boot" systemctl is-active -q systemd-modules-load
check "udev is done" udevadm settle
is "/dev/kshm0 belongs to the group" "$(stat -c '%F %U:%G %a' /dev/kshm0)" \
	"character special file root:kshm 660"
is "the module is the package's" "$(cat /sys/module/kshm/version)" \
	"$(dpkg-query -W -f '${Version}' kshm-dkms)"
# with Secure Boot the kernel knows the key, or there would be no module
case $(cat /sys/kernel/security/lockdown) in
*'[none]'*)
	taint=12288
	is "root may read /dev/mem" "$(head -c 1 /dev/mem | wc -c)" 1
	;;
*) taint=4096 ;;
esac
is "the kernel is tainted by nothing else" "$(cat /proc/sys/kernel/tainted)" $taint
address=$(as outsider cat /sys/class/kshm/kshm0/phys_addr)
check "everybody may read the physical address: $address" test $((address)) -gt 0
is "a member of the group maps and writes" "$(as member /t/write /dev/kshm0 'from a member' |
	sed 's/ to .*address / to /')" "wrote 13 bytes to $address"
is "and maps and reads" "$(as member /t/read /dev/kshm0)" "from a member"
is "who is not in the group is refused" "$(as outsider /t/read /dev/kshm0)" \
	"/dev/kshm0: Permission denied"
finish
