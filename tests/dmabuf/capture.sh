# SPDX-License-Identifier: GPL-2.0-only
# A driver of the kernel captures frames into dma-bufs of a buffer: vivid, which is a camera
# without hardware. With allocators=1 it uses the memory as a device does (videobuf2-dma-contig,
# which wants a contiguous range), otherwise by the address from vmap (videobuf2-vmalloc).
# machine: camera
# kernels: full-*
# default-kernels: none
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

# cameras ALLOCATORS: one device for video capture
cameras() {
	is "load vivid with allocators=$1" \
		"$(insert vivid n_devs=1 node_types=1 num_inputs=1 input_types=0 allocators="$1" 2>&1)" ""
	for video in /sys/class/video4linux/video*; do :; done
}

load buffers=none
for allocators in 1 0; do
	cameras $allocators
	run dmabuf/capture "/dev/${video##*/}"
	remove vivid
done
unload
finish
