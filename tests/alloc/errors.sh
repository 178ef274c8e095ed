# SPDX-License-Identifier: GPL-2.0-only
# A request that is too large fails, and the log says the largest size that would succeed.
# machine: big
# expect-log: no [0-9]+ contiguous bytes
# default-kernels: oldest 6.12 newest
set -eu
. ./lib/guest.sh

dir=/sys/kernel/config/kshm/a

# largest_is_true BYTES: the size in the log succeeds, and an eighth more does not. It is true
# of its moment only: the kernel may use a page of that memory before the next request, or
# free some. So there are five attempts.
largest_is_true() {
	for _ in 1 2 3 4 5; do
		attempt $dir "$1"
		largest=${attempt_largest:-0}
		if [ "$largest" = 0 ]; then
			exact="no size in the log after $attempt_result"
			diag "$exact"
			log_since | sed 's/^/# /'
			continue
		fi
		attempt $dir "$largest"
		exact=$attempt_result
		size=$(cat /sys/class/kshm/kshm0/size 2>/dev/null || true)
		echo 0 >$dir/live
		attempt $dir $((largest + largest / 8))
		more=$attempt_result
		echo 0 >$dir/live
		[ "$exact $more" != "success ENOMEM" ] || break
		diag "$largest bytes: $exact, an eighth more: $more"
	done
	is "after $1 bytes: the size in the log, $largest, succeeds" "$exact" success
	[ "$exact" = success ] || return 0
	is "after $1 bytes: the buffer has this size" "$size" "$largest"
	is "after $1 bytes: an eighth more fails" "$more" ENOMEM
}

# KASAN's own memory divides the rest.
total=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo) * 1024))
case $KSHM_KERNEL in
*kasan*) least=$((total / 8)) ;;
*) least=$((total / 2)) ;;
esac

defragment
load buffers=none
mkdir $dir
# the last one is all of the memory, and no multiple of a page
for bytes in 1099511627776 3221225472 $((total - 5)); do
	attempt $dir $bytes
	is "$bytes bytes" "$attempt_result" ENOMEM
	is "$bytes bytes: lines of kshm in the log" "$(log_since | grep -c kshm)" 1
	is "$bytes bytes: the line names them, rounded up to pages" \
		"$(log_since | grep -c "kshm: no $(((bytes + 4095) / 4096 * 4096)) contiguous bytes")" 1
	check "$bytes bytes: the size in the log, ${attempt_largest:-none}, is more than $least" \
		[ "${attempt_largest:-0}" -gt $least ]
	largest_is_true $bytes
done

# The kernel leaves the memory that ISA devices can reach to them, where it is a zone.
if grep -q 'zone  *DMA$' /proc/zoneinfo; then
	echo 24 >$dir/addr_bits
	attempt $dir 16777216
	is "16 MiB below 16 MiB" "$attempt_result" ENOMEM
	is "16 MiB below 16 MiB: the size in the log" "$attempt_largest" 0
else
	skip "16 MiB below 16 MiB" "this kernel has no zone DMA"
fi
rmdir $dir
unload
finish
