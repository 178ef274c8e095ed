# SPDX-License-Identifier: GPL-2.0-only
# Where the kernel copies all data of a device (swiotlb=force), a buffer is not attached to it.
# machine: device-swiotlb
# default-kernels: newest
# expect-log: pci/.*: the kernel uses bounce buffers
set -eu
. ./lib/guest.sh
. ./lib/edu.sh

edu=$(edu_devices)
load buffers=none
for size in 4K 64K 8M; do
	prepare a $size "pci/${edu##*/}"
	log_mark
	is "attach $size" "$(live a)" EOPNOTSUPP
	is "attach $size: lines of the log" "$(log_since | grep -c .)" 1
	echo >$kshm_dir/a/device
	is "$size without a device" "$(live a)" success
	rmdir $kshm_dir/a
done
unload
finish
