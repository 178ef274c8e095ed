# SPDX-License-Identifier: GPL-2.0-only
# log_at_unload=N: at unload the kernel's log gets the first bytes of each buffer.
# machine: basic
# expect-log: kshm[0-9]+: "|buffers=:
set -eu
. ./lib/guest.sh

# The driver's lines since log_mark, without time stamps.
lines() {
	log_since | sed -n 's/^\(\[[^]]*\] *\)*\(kshm: kshm[0-9]*: .*\)$/\2/p'
}

# zeros N, letters N: N bytes
zeros() {
	head -c "$1" /dev/zero
}

letters() {
	zeros "$1" | tr '\000' a
}

# logs TITLE LINES: unload and compare
logs() {
	log_mark
	unload
	is "$1" "$(lines)" "$2"
}

load
echo secret >/dev/kshm0
logs "default: no bytes are logged" ""

load log_at_unload=64
logs "a buffer of zeros: no line" ""

load log_at_unload=64
putstr /dev/kshm0 'Hello, kernel!
'
logs "text written through a mapping" 'kshm: kshm0: "Hello, kernel!\n"'

load log_at_unload=100
printf 'tab\t quote" back\\slash \001\177\377\r %%s%%n%%p' >/dev/kshm0
logs "quotes, backslashes and bytes that are not printable are escaped" \
	'kshm: kshm0: "tab\t quote\" back\\slash \x01\x7f\xff\x0d %s%n%p"'

load log_at_unload=100
printf 'a\000b\000\000c' >/dev/kshm0
logs "zeros before the last other byte are shown, those after it are not" \
	'kshm: kshm0: "a\x00b\x00\x00c"'

load log_at_unload=5
echo "123456789" >/dev/kshm0
logs "log_at_unload=5: 5 bytes" 'kshm: kshm0: "12345"'

load log_at_unload=200
letters 300 >/dev/kshm0
logs "200 bytes: a line of 128 and a line of 72" "kshm: kshm0: \"$(letters 128)\"
kshm: kshm0: \"$(letters 72)\""

load log_at_unload=128
letters 300 >/dev/kshm0
logs "128 bytes: one line" "kshm: kshm0: \"$(letters 128)\""

load log_at_unload=4294967295
letters 10000 >/dev/kshm0
log_mark
unload
is "the largest log_at_unload: 4096 bytes, in 32 lines" "$(lines | wc -l)" 32
is "each of the 32 lines has 128 bytes" "$(lines | grep -cx "kshm: kshm0: \"$(letters 128)\"")" 32

load log_at_unload=16 buffers=x:4K,4K,z:4K
echo first >/dev/kshm0
echo third >/dev/kshm2
logs "three buffers: lines for the two that have text" 'kshm: kshm0: "first\n"
kshm: kshm2: "third\n"'

load log_at_unload=65536 buffers=4K
letters 4096 >/dev/kshm0
log_mark
unload
is "log_at_unload larger than the buffer: all 4096 bytes of it" "$(lines | wc -l)" 32

log_mark
refused "load with a bad entry after a good one" EINVAL log_at_unload=64 buffers=4K,bad/name:4K
is "a load that fails logs no bytes" "$(lines)" ""
finish
