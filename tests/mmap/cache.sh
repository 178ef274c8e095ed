# SPDX-License-Identifier: GPL-2.0-only
# cache=wc and uc: the mapping of a program, read() and write(), and the kernel's own mapping
# have the same cache mode; freed memory is normal again.
# machine: carveout
# default-kernels: oldest newest kasan
# expect-log: buffers=:|this architecture cannot change
set -eu
. ./lib/guest.sh

device=/sys/class/kshm/kshm0

if [ "$(uname -m)" != x86_64 ]; then
	for mode in wc uc; do
		refused "cache=$mode" EOPNOTSUPP "buffers=4K/cache=$mode"
	done
	refused "a carveout with cache=uc" EOPNOTSUPP "buffers=4K@$(at 0)/cache=uc"
	load "buffers=4K@$(at 0)/cache=wc"
	is "a carveout: cache of kshm0" "$(cat $device/cache)" wc
	unload
	finish
fi

load "buffers=a:64K/cache=wc,b:64K/cache=uc,c:64K/cache=wb,d:4K@$(at 0)/cache=uc"
for i in 0:wc 1:uc 2:wb 3:uc; do
	is "buffers=: cache of kshm${i%:*}" "$(cat ${device%0}"${i%:*}/cache")" "${i#*:}"
done
unload
for mode in '' WC w wcc uc-; do
	refused "cache=$mode" EINVAL "buffers=4K/cache=$mode"
done

load buffers=none
for mode in wb wc uc; do
	# from the page allocator; single pages beside a folio; and huge pages only
	for size in 64K 3148K 16M; do
		run mmap/cache $mode $size
	done
	run mmap/cache $mode 8M "$(at $((1 << 20)))"
done
unload
finish
