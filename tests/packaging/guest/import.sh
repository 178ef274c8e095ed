# SPDX-License-Identifier: GPL-2.0-only
# With Secure Boot: the commands of README.Debian that ask for dkms's key to be trusted.
set -eu
# shellcheck source=tests/functional/lib.sh
. ./lib.sh

key=/var/lib/dkms/mok.pub
# which is typed again in tests/packaging/secureboot.sh
password=kshm1234

# The command of README.Debian that begins so.
readme() {
	sed -n "s/^ *\\($1.*\\)/\\1/p" /usr/share/doc/kshm-dkms/README.Debian
}

state=$(readme 'mokutil --sb-state')
is "Secure Boot is on" "$($state)" "SecureBoot enabled"
is "the key is not known" "$(mokutil --test-key $key)" "$key is not enrolled"
import=$(readme 'mokutil --import')
is "ask for the key to be trusted, with a password" "$(
	printf '%s\n' $password $password | $import >/tmp/said 2>&1 || cat /tmp/said)" ""
is "it is to be enrolled at the next boot" "$(mokutil --list-new | grep -c '^ *Subject:.*DKMS')" 1
finish
