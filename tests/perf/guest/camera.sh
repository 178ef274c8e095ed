# SPDX-License-Identifier: GPL-2.0-only
# How fast devices fill a buffer: a camera of the kernel, and QEMU's edu.
# limit: 3600
set -eu
. ./lib/edu.sh
. ./lib/memory.sh
# shellcheck source=/dev/null # written by tests/perf/bench
. /t/settings
: "${rounds:?}"
many=$((5 * rounds))

insmod /t/kshm.ko buffers=none
# with allocators=1 the camera reaches 32 bits
prepare frames 128M ""
echo 32 >$kshm_dir/frames/addr_bits
echo 1 >$kshm_dir/frames/live
for _ in $(seq $many); do
	for allocators in 1 0; do
		insert vivid n_devs=1 node_types=1 num_inputs=1 input_types=3 \
			ccs_cap_mode=0 allocators=$allocators
		for video in /sys/class/video4linux/video*; do :; done
		camera 1 "/dev/${video##*/}" "$(node frames)" $allocators
		remove vivid
	done
done
rmdir $kshm_dir/frames

edu=$(edu_devices)
address=${edu##*/}
prepare a 1M "pci/$address"
echo 1 >$kshm_dir/a/live
edu "$many" "$address" "$(node a)"
rmdir $kshm_dir/a
rmmod kshm
echo "ok 1 - measured"
echo "1..1"
