# SPDX-License-Identifier: GPL-2.0-only
# The examples of doc/examples in C that need no device: a shared struct, an event loop, and
# files that are read into a buffer by O_DIRECT, also by io_uring.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

load buffers=first:64K,second:64K

is "no measurement yet" "$(examples/shared_struct /dev/kshm0 get)" "measurement 0: 0 degrees"
is "one program sets" "$(examples/shared_struct /dev/kshm0 set 21)" "measurement 1: 21 degrees"
is "another one gets" "$(examples/shared_struct /dev/kshm0 get)" "measurement 1: 21 degrees"
for i in 1 2 3 4; do
	(for j in 1 2 3 4 5; do examples/shared_struct /dev/kshm0 set -$i$j >/dev/null; done) &
done
wait
is "four programs at once" "$(examples/shared_struct /dev/kshm0 get | cut -d: -f1)" "measurement 21"

at_exit "rm -f /tmp/events"
examples/event_loop 3 /dev/kshm0 /dev/kshm1 >/tmp/events &
loop=$!
check "event_loop waits" until_true grep -q waiting /tmp/events
$kshmctl notify /dev/kshm1
check "event_loop sees the second buffer" until_true grep -q "/dev/kshm1: 1 new events" /tmp/events
$kshmctl notify /dev/kshm0
check "event_loop sees the first buffer" until_true grep -q "/dev/kshm0: 1 new events" /tmp/events
$kshmctl notify /dev/kshm0
wait $loop && status=0 || status=$?
is "event_loop ends after three events" "$status $(wc -l </tmp/events)" "0 4"

at_exit "rm -f /mnt/in /mnt/out"
for length in 65536 10001 1000000; do
	head -c $length /dev/urandom >/mnt/in
	want=$length
	[ $length -le 65536 ] || want=65536
	is "capture of $length bytes" "$(examples/capture /dev/kshm1 /mnt/in /mnt/out)" \
		"$want bytes by way of /dev/kshm1"
	is "the first $want bytes" "$(md5sum </mnt/out)" "$(head -c $want /mnt/in | md5sum)"
	is "they are in the buffer" "$(head -c $want /dev/kshm1 | md5sum)" "$(md5sum </mnt/out)"
	rm /mnt/out
	is "io_uring copies $length bytes" "$(examples/copy_uring /dev/kshm1 /mnt/in /mnt/out)" \
		"$length bytes by way of /dev/kshm1, 4 parts of 16384 bytes"
	is "it copies all of them" "$(md5sum </mnt/out)" "$(md5sum </mnt/in)"
done
unload
finish
