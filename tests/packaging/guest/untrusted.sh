# SPDX-License-Identifier: GPL-2.0-only
# A kernel that loads only modules signed with a key that it trusts, as with Secure Boot,
# refuses the module; the messages lead to the solution.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh

# The serial number of dkms's certificate and of the key in the signature.
same_key() {
	[ "$(openssl x509 -inform der -in /var/lib/dkms/mok.pub -noout -serial | tr -d : | sed 's/serial=//')" = \
		"$(modinfo -F sig_key kshm | tr -d :)" ]
}

is "sig_enforce" "$(cat /sys/module/module/parameters/sig_enforce)" Y
check "the module is signed by dkms" test -n "$(modinfo -F sig_key kshm)"
check "the module is not loaded" test ! -d /sys/module/kshm
check "systemd-modules-load failed" \
	sh -c '! systemctl is-active -q systemd-modules-load'
is "message of modprobe" "$(modprobe kshm 2>&1)" \
	"modprobe: ERROR: could not insert 'kshm': Key was rejected by service"
/usr/lib/kshm/kshm-module load >/tmp/said
diag "$(cat /tmp/said)"
check "kshm-module load says why, and refers to README.Debian" \
	grep -q "^kshm: the kernel does not trust the key .*Secure Boot.*README.Debian" /tmp/said
check "README.Debian has the command for the key" \
	grep -q "mokutil --import /var/lib/dkms/mok.pub" /usr/share/doc/kshm-dkms/README.Debian
check "the key exists" test -s /var/lib/dkms/mok.pub
check "the key signed the module" same_key
finish
