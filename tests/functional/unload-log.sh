# SPDX-License-Identifier: GPL-2.0-only
# log_at_unload=N: at rmmod the kernel tells what programs left in the buffers.
# guest: basic
# log: kshm[0-9]+: "|buffers=:
set -eu
. ./lib.sh

# The driver's lines since log_mark, without time stamps.
lines() {
	log_since | sed -n 's/^\(\[[^]]*\] *\)*\(kshm: kshm[0-9]*: .*\)$/\2/p'
}

# zeros N, letters N
zeros() {
	head -c "$1" /dev/zero
}

letters() {
	zeros "$1" | tr '\000' a
}

# logs TEXT LINES: unload and compare
logs() {
	log_mark
	unload
	is "$1" "$(lines)" "$2"
}

load
echo secret > /dev/kshm0
logs "nothing by default" ""

load log_at_unload=64
logs "nothing of an empty buffer" ""

load log_at_unload=64
/t/shout /dev/kshm0 'Hello, kernel!
'
logs "what a program wrote through the mapping" 'kshm: kshm0: "Hello, kernel!\n"'

load log_at_unload=100
printf 'tab\t quote" back\\slash \001\177\377\r %%s%%n%%p' > /dev/kshm0
logs "escapes" \
	'kshm: kshm0: "tab\t quote\" back\\slash \x01\x7f\xff\x0d %s%n%p"'

load log_at_unload=100
printf 'a\000b\000\000c' > /dev/kshm0
logs "zeros inside are shown, at the end not" \
	'kshm: kshm0: "a\x00b\x00\x00c"'

load log_at_unload=5
echo "123456789" > /dev/kshm0
logs "no more than so many bytes" 'kshm: kshm0: "12345"'

load log_at_unload=200
letters 300 > /dev/kshm0
logs "128 bytes in one line" "kshm: kshm0: \"$(letters 128)\"
kshm: kshm0: \"$(letters 72)\""

load log_at_unload=128
letters 300 > /dev/kshm0
logs "exactly one line" "kshm: kshm0: \"$(letters 128)\""

load log_at_unload=4294967295
letters 10000 > /dev/kshm0
log_mark
unload
is "never more than 4096 bytes" "$(lines | wc -l)" 32
is "in full lines" "$(lines | grep -cx "kshm: kshm0: \"$(letters 128)\"")" 32

load log_at_unload=16 buffers=x:4K,4K,z:4K
echo first > /dev/kshm0
echo third > /dev/kshm2
logs "each buffer by its device" 'kshm: kshm0: "first\n"
kshm: kshm2: "third\n"'

load log_at_unload=65536 buffers=4K
letters 4096 > /dev/kshm0
log_mark
unload
is "not behind the end of a small buffer" "$(lines | wc -l)" 32

log_mark
refused "a load that fails" EINVAL log_at_unload=64 buffers=4K,bad/name:4K
is "logs no bytes" "$(lines)" ""
finish
