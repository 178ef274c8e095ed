# SPDX-License-Identifier: GPL-2.0-only
# The samples for driver authors: a module that answers each ring, and one that streams records
# to a program and back, none lost and in order, while each side sleeps when it has nothing to
# do. STREAM_SECONDS is how long.
# machine: basic
# limit: 400
set -eu
. ./lib/guest.sh

seconds=$(word stream_seconds)
seconds=${seconds:-3}
counters=/sys/module/kshm_stream/parameters

# node NAME: the device of a buffer
node() {
	for name in /sys/class/kshm/*/name; do
		[ "$(cat "$name")" != "$1" ] || name=${name%/name} found=/dev/${name##*/}
	done
	echo "${found:-/dev/none}"
}

# stream PROGRAM: its line must say that there was no error
stream() {
	line=$("$1" "$(node stream)" "$seconds" 2>&1) && status=0 || status=$?
	diag "$1: $line"
	is "$1: exit status" "$status" 0
	records=${line%% records*}
	check "$1: more than 1000 records: $records" test "$records" -gt 1000
}

load buffers=none
insmod clients/kshm_upper.ko
is "upper: the answer" "$(samples/upper "$(node upper)" 'hello, World 1')" "HELLO, WORLD 1"
is "upper: the answer to the empty string" "$(samples/upper "$(node upper)" '')" ""
rmmod kshm_upper

insmod clients/kshm_stream.ko
sleep 1
sent=$(cat $counters/sent)
is "stream: without a program the ring is full" "$sent" 1024
is "stream: and nobody was woken" "$(cat $counters/rings)" 0
for program in samples/stream samples/stream-32; do
	stream $program
done
sent=$(cat $counters/sent) returned=$(cat $counters/returned)
is "stream: records that came back damaged or out of order" "$(cat $counters/errors)" 0
check "stream: $returned of $sent records came back" test $((sent - returned)) -le 2048
check "stream: both sides woke each other: $(cat $counters/rings) times" \
	test "$(cat $counters/rings)" -gt 0
rmmod kshm_stream
unload
finish
