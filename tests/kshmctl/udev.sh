# SPDX-License-Identifier: GPL-2.0-only
# kshmctl create returns when udev has given the node to its group, restore --no-wait does not
# wait; completion for bash.
# machine: udev
# kernels: [0-9]*
# default-kernels: newest
set -eu
. ./lib/guest.sh
. ./lib/kshmctl.sh

load buffers=video:64K
check "udev has handled the first device" udevadm settle
good=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	node=$($kshmctl create a --size 4K)
	[ "$(stat -c '%G %a' "$node") $(readlink -f /dev/kshm-by-name/a)" != "kshm 660 $node" ] ||
		good=$((good + 1))
	$kshmctl destroy a
	udevadm settle
done
is "of 10 new nodes, those that their group can use at once" $good 10
gives 0 video list -rn -o NAME /dev/kshm-by-name/video

# udev is busy, as while the machine boots
udevadm control --stop-exec-queue
echo "late size=4K" >/tmp/buffers.conf
gives 0 "late /dev/kshm1" restore --no-wait --file /tmp/buffers.conf
is "group of a node that udev has not seen yet" "$(stat -c %G /dev/kshm1)" root
udevadm control --start-exec-queue
udevadm settle
is "its group afterwards" "$(stat -c %G /dev/kshm1)" kshm
rm /tmp/buffers.conf
$kshmctl destroy late

# completes WORDS WANT: what the shell offers after these words, the last of which is begun
completes() {
	# shellcheck disable=SC2016 # for the other shell
	got=$(PATH=/t/kshmctl:$PATH bash -c '
		compopt() { :; }
		. ./kshmctl/completion
		COMP_WORDS=($1 "$2")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_kshmctl kshmctl "$2" "${COMP_WORDS[COMP_CWORD - 1]}"
		echo ${COMPREPLY[*]}' bash "$1" "$2")
	is "completion of '$1 $2'" "$got" "$3"
}

completes "kshmctl" l "list largest"
completes "kshmctl" no notify
completes "kshmctl" --v --version
completes "kshmctl list" "" "kshm0 video"
completes "kshmctl destroy" v video
completes "kshmctl list -o" D "DEVICE DMA-ADDR"
completes "kshmctl list --output" NAME,M "NAME,MAPPINGS NAME,MAJ:MIN"
completes "kshmctl largest -o" "" "NODE ADDR-BITS LARGEST"
completes "kshmctl create x" --a "--addr-bits --align --addr-min --addr-max"
completes "kshmctl create x --cache" w "wb wc"
completes "kshmctl create x --size" "" ""
completes "kshmctl create x --device" pci/0000:00:00 pci/0000:00:00.0
completes "kshmctl read video" "" ""
unload
check "udev has handled the unload" udevadm settle
finish
