# SPDX-License-Identifier: GPL-2.0-only
# Each wrong call on a device gives its errno; offsets and lengths do not overflow.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=64K,4M
# On a noexec mount, as /dev may be, the VFS refuses PROT_EXEC before the driver does.
minor 0 /tmp/kshm
minor 1 /tmp/kshm-big
for file in /tmp/kshm /tmp/kshm-big; do
	run abi/errno-mmap $file
	run abi/errno-rw $file
	run abi/errno-ioctl $file
	run abi/errno-ioctl-32 $file
done

for n in 2 500 1023; do
	minor $n /tmp/kshm-none
	is "open of minor $n, which has no device" "$(xcall open /tmp/kshm-none)" ENODEV
	rm /tmp/kshm-none
done
minor 1025 /tmp/kshm-none
is "open of minor 1025, which is outside of the range" "$(xcall open /tmp/kshm-none)" ENXIO

unload
is "open of a node after unload" "$(xcall open /tmp/kshm)" ENXIO
finish
