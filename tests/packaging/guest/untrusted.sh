# SPDX-License-Identifier: GPL-2.0-only
# A kernel that loads only modules signed with a key that it trusts, as with Secure Boot:
# the module is refused, and what is said leads to the way out.
# shellcheck disable=SC2317 # functions that check calls
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh

# The serial number of dkms's certificate and of the key in the signature.
same_key() {
	[ "$(openssl x509 -inform der -in /var/lib/dkms/mok.pub -noout -serial | tr -d : | sed 's/serial=//')" = \
		"$(modinfo -F sig_key kshm | tr -d :)" ]
}

is "only trusted modules are loaded" "$(cat /sys/module/module/parameters/sig_enforce)" Y
check "the module is signed by dkms" test -n "$(modinfo -F sig_key kshm)"
check "the module is not loaded" test ! -d /sys/module/kshm
check "systemd tells that it could not load all" \
	sh -c '! systemctl is-active -q systemd-modules-load'
is "modprobe says why" "$(modprobe kshm 2>&1)" \
	"modprobe: ERROR: could not insert 'kshm': Key was rejected by service"
/usr/lib/kshm/kshm-module load >/tmp/said
diag "$(cat /tmp/said)"
check "installing the package says it in a sentence and where to read on" \
	grep -q "^kshm: the kernel does not trust the key .*Secure Boot.*README.Debian" /tmp/said
check "where there is the command for the key" \
	grep -q "mokutil --import /var/lib/dkms/mok.pub" /usr/share/doc/kshm-dkms/README.Debian
check "and the key is there" test -s /var/lib/dkms/mok.pub
check "it is the one that signed the module" same_key
finish
