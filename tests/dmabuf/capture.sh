# SPDX-License-Identifier: GPL-2.0-only
# A driver of the kernel captures frames into dma-bufs of a buffer: vivid, which is a camera
# without hardware. With allocators=1 it uses the memory as a device does (videobuf2-dma-contig,
# which wants a contiguous range), otherwise by the address from vmap (videobuf2-vmalloc).
# machine: camera
# kernels: full-*
# default-kernels: full-7.3
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

# cameras ALLOCATORS: one device for video capture
cameras() {
	is "load vivid with allocators=$1" \
		"$(insert vivid n_devs=1 node_types=1 num_inputs=1 input_types=0 allocators="$1" 2>&1)" ""
	for video in /sys/class/video4linux/video*; do :; done
	video=/dev/${video##*/}
}

# The example captures six frames.
example() {
	mkdir $frames
	echo 8M >$frames/size
	echo 1 >$frames/live
	status=0
	examples/camera "$video" "/dev/$(cat $frames/dev_name)" 6 >/tmp/out || status=$?
	is "doc/examples/camera.c: exit status" $status 0
	is "it captures frames" "$(grep -c '^frame [0-9]* at offset [0-9]*$' /tmp/out)" 6
	last=$(sed -n '$s/.* //p' /tmp/out)
	check "the last one, at $last, has a picture" [ "$(tail -c +$((last + 1)) \
		"/dev/$(cat $frames/dev_name)" | head -c 100000 | tr -d '\0' | wc -c)" -gt 10000 ]
	rm /tmp/out
	rmdir $frames
}

frames=/sys/kernel/config/kshm/frames
load buffers=none
for allocators in 1 0; do
	cameras $allocators
	run dmabuf/capture "$video"
	example
	remove vivid
done
unload
finish
