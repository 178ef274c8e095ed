# SPDX-License-Identifier: GPL-2.0-only
# Two guests pass messages both ways through the memory of ivshmem, as doc/ivshmem.md says.
# machine: ivshmem-pair
# default-kernels: newest
# limit: 900
set -eu
. ./lib/guest.sh

for pci in /sys/bus/pci/devices/*; do
	case $(cat "$pci/vendor")$(cat "$pci/device") in
	0x1af40x1110) shm=$pci ;;
	esac
done
echo 1 >"$shm/enable"
address=$(sed -n '3s/ .*//p' "$shm/resource")

load "buffers=shm:4M@$address/keep=1"
side=$(sed 's/.*kshm_side=\([01]\).*/\1/' /proc/cmdline)
run carveout/messages /dev/kshm0 "$side"
unload
finish
