# SPDX-License-Identifier: GPL-2.0-only
# kshmctl read, write and fill: ranges, pipes, files, what does not fit.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

# sum FILE
sum() {
	md5sum <"$1" | cut -d' ' -f1
}

load buffers=64K,video:3M
at_exit "rm -f /tmp/in /tmp/out /tmp/64K"
dd if=/dev/urandom of=/tmp/in bs=64K count=48 2>/dev/null

gives 0 "" write video /tmp/in
gives 0 "" read video /tmp/out
is "a whole buffer is read as it was written" "$(sum /tmp/out)" "$(sum /tmp/in)"
is "read to a pipe" "$($kshmctl read /dev/kshm1 | md5sum | cut -d' ' -f1)" "$(sum /tmp/in)"
gives 0 "" fill kshm1 --byte 0x41 -O 4 -l 3
is "bytes around a range that was filled" \
	"$($kshmctl read video -O 3 -l 5 | od -An -c | tr -s ' ')" \
	"$(head -c 4 /tmp/in | tail -c 1 | od -An -c | tr -s ' ') A A A$(head -c 8 /tmp/in | tail -c 1 | od -An -c | tr -s ' ')"
gives 0 "" fill kshm0 -b 0xff -l 1
is "the first byte after fill with 0xff" "$($kshmctl read kshm0 -l 1 | od -An -tx1)" " ff"
gives 0 "" fill kshm0 video
is "bytes other than zero after fill" "$($kshmctl read video | tr -d '\0' | wc -c)" 0
check "write from a pipe" sh -c "echo hello | $kshmctl write video --offset 1M"
is "what was written from a pipe" "$($kshmctl read video - -O 1M -l 6)" hello
check "write the start of standard input" sh -c "echo abcdef | $kshmctl write kshm0 -l 3"
is "bytes after three were written" "$($kshmctl read kshm0 -l 6 | tr '\0' .)" abc...

gives 1 "kshmctl: kshm0: /tmp/in does not fit into the buffer, its end was not written
  the buffer has 65536 bytes from there on" write kshm0 /tmp/in
head -c 65536 /tmp/in >/tmp/64K
is "what fits is written" "$($kshmctl read kshm0 | md5sum | cut -d' ' -f1)" "$(sum /tmp/64K)"
gives 0 "" write kshm0 /tmp/64K
gives 1 "kshmctl: kshm0: standard input has only 0 bytes" write kshm0 -l 5
gives 1 "kshmctl: kshm0: the range is not in the buffer
  the buffer has 65536 bytes" read kshm0 -O 65537
gives 1 "kshmctl: kshm0: the range is not in the buffer
  the buffer has 65536 bytes" read kshm0 -O 1 -l 64K
gives 1 "kshmctl: kshm0: the range is not in the buffer
  the buffer has 65536 bytes" write kshm0 -O 18446744073709551615 -l 2
gives 1 "kshmctl: kshm0: the range is not in the buffer
  the buffer has 65536 bytes" fill kshm0 -l 64M
gives 0 "" read kshm0 -O 64K
gives 1 "kshmctl: /tmp/none: No such file or directory" write kshm0 /tmp/none
gives 1 "kshmctl: /tmp/none/none: No such file or directory" read kshm0 /tmp/none/none
is "read to a full device" \
	"$($kshmctl read video 2>&1 >/dev/full)" "kshmctl: standard output: No space left on device"
unload
finish
