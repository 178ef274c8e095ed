# SPDX-License-Identifier: GPL-2.0-only
# With Secure Boot: the commands of README.Debian that request trust in dkms's key.
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh

key=/var/lib/dkms/mok.pub
# the same as in tests/packaging/secureboot.sh
password=kshm1234

# readme BEGINNING: the command of README.Debian that begins so
readme() {
	sed -n "s/^ *\\($1.*\\)/\\1/p" /usr/share/doc/kshm-dkms/README.Debian
}

state=$(readme 'mokutil --sb-state')
is "Secure Boot is on" "$($state)" "SecureBoot enabled"
is "the key is not enrolled" "$(mokutil --test-key $key)" "$key is not enrolled"
import=$(readme 'mokutil --import')
is "output of mokutil --import with a password" "$(
	printf '%s\n' $password $password | $import >/tmp/said 2>&1 || cat /tmp/said)" ""
is "keys to be enrolled at the next boot" "$(mokutil --list-new | grep -c '^ *Subject:.*DKMS')" 1
finish
