# SPDX-License-Identifier: GPL-2.0-only
# A user who has one buffer reads and writes no byte outside of it, by whatever call.
# guest: carveout
set -eu
. ./lib.sh

# around TEXT PARAMETER: attack the buffer that has others on both sides
around() {
	load "buffers=$2"
	middle=$(/t/outside lay)
	if [ "$middle" -lt 0 ]; then
		not_ok "$1: a buffer lies between two others"
		finish
	fi
	diag "$1: kshm$middle lies between two others"
	device=/dev/kshm$middle
	as_member "$device" /t/outside attack "$device"
	run /t/outside look "$device"
	unload
}

mkdir -m 777 /mnt/user
around "ordinary memory" "$(yes 16K | head -n 200 | tr '\n' , | sed 's/,$//')"
around "a carve-out" 16K@0x30000000,16K@0x30004000,16K@0x30008000
rm -r /mnt/user
finish
