# SPDX-License-Identifier: GPL-2.0-only
# A user who has one buffer reads and writes no byte outside of it, by any call.
# machine: carveout
set -eu
. ./lib/guest.sh

# around TITLE PARAMETER: attack the buffer that has others on both sides
around() {
	load "buffers=$2"
	middle=$(security/isolation lay)
	if [ "$middle" -lt 0 ]; then
		not_ok "$1: one buffer lies between two others"
		finish
	fi
	diag "$1: kshm$middle lies between two others"
	device=/dev/kshm$middle
	as_member "$device" security/isolation attack "$device"
	run security/isolation look "$device"
	unload
}

mkdir -m 777 /mnt/user
at_exit "rm -r /mnt/user"
around RAM "$(yes 16K | head -n 200 | tr '\n' , | sed 's/,$//')"
around carveouts "16K@$(at 0),16K@$(at 16384),16K@$(at 32768)"
finish
