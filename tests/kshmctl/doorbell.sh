# SPDX-License-Identifier: GPL-2.0-only
# kshmctl notify and wait.
# machine: basic
# kernels: [0-9]* realloc* kasan*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

# waits OUTPUT DEVICE ARG...: start wait, ring when it has opened the device
waits() {
	want=$1 device=$2
	shift 2
	$kshmctl wait "$@" >/tmp/waits 2>&1 &
	pid=$!
	check "wait $* has opened $device" until_true uses "$device" 1
	gives 0 "" notify "$device"
	wait $pid && status=0 || status=$?
	is "wait $*: exit status" "$status" 0
	is "wait $*: output" "$(cat /tmp/waits)" "$want"
}

load buffers=64K,video:4K
at_exit "rm -f /tmp/waits"
waits "kshm0 1" kshm0 kshm0
waits "/dev/kshm1 1" kshm1 kshm0 /dev/kshm1 --timeout 60
waits "video 2" kshm1 video -t 60 -c 1
gives 0 "" notify kshm0 video
is "events of both after notify of both" \
	"$($kshmctl list -rn -o EVENTS | tr '\n' ' ')" "2 3 "
gives 1 "kshmctl: nobody has rung within 1 seconds" wait video --timeout 1
gives 1 "kshmctl: x: there is no such buffer
  see 'kshmctl list' for the buffers that there are" notify x kshm0
is "events of the other one" "$($kshmctl list -rn -o EVENTS kshm0)" 3
gives 1 "kshmctl: x: there is no such buffer
  see 'kshmctl list' for the buffers that there are" wait kshm0 x
unload
finish
