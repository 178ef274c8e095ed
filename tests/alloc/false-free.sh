# SPDX-License-Identifier: GPL-2.0-only
# Memory that others have set apart looks free, but is not for buffers: pages of hugetlb and
# CMA, balloons, memory that is not all plugged; and zram full of swapped pages.
# machine: pools hotplug
# expect-log: no [0-9]+ contiguous bytes
# kernels: [0-9]* realloc*
# default-kernels: newest
# limit: 600
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

# grows TEXT KB, shrinks TEXT KB: until there is more, or less, than that
grows() {
	for _ in $(seq 600); do
		[ "$(total)" -le "$2" ] || break
		sleep 0.1
	done
	check "$1" [ "$(total)" -gt "$2" ]
}

shrinks() {
	for _ in $(seq 600); do
		[ "$(total)" -ge "$2" ] || break
		sleep 0.1
	done
	check "$1" [ "$(total)" -lt "$2" ]
}

# balloon BYTES: tell the balloon how much memory to leave
balloon() {
	qmp '{"execute": "balloon", "arguments": {"value": '"$1"'}}'
}

hugetlb() {
	run alloc/false-free "free pages of 1 GiB"
	# all else would fail, too, and take minutes
	[ $ktap_failed -eq 0 ] || return 0
	cached 1500
	run alloc/false-free "free pages of 1 GiB and page cache"
	uncached
	pages=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
	echo 300 >$pages
	run alloc/false-free "$(cat $pages) free pages of 2 MiB, a used one of 1 GiB" gigantic
	cached 1500
	echo 0 >$pages
	run alloc/false-free "no pages of 2 MiB any more"
	uncached
}

ballooned() {
	whole=$(total)
	insert virtio_balloon
	balloon $((1 << 30))
	shrinks "a balloon is inflated" $((whole - 480000))
	run alloc/false-free "a balloon of 512 MiB"
	balloon $((3 << 29))
	grows "the balloon is deflated" $((whole - 1000))
	run alloc/false-free "a deflated balloon"
	remove virtio_balloon
}

swapped() {
	# the compressor that zram asks for; newer kernels have it built in
	insert lzo-rle || :
	insert zram
	echo 600M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0
	run alloc/false-free "zram full of swapped pages" swapped 500
	swapoff /dev/zram0
	remove zram
	remove lzo-rle 2>/dev/null || :
}

plugged() {
	insert virtio_mem
	whole=$(total)
	plug $((1020 << 20))
	grows "memory is plugged" $((whole + 900000))
	run alloc/false-free "memory of virtio-mem, the last 4 MiB not plugged"
	if unplug $((whole + 65536)); then
		ok "plugged memory is unplugged"
	else
		not_ok "plugged memory is unplugged"
	fi
}

load buffers=none
if [ -e /t/modules/virtio_mem ]; then
	ballooned
	swapped
	plugged
else
	hugetlb
fi
unload
finish
