# SPDX-License-Identifier: GPL-2.0-only
# Buffers that cannot be had: what the log foretells, and what a signal leaves behind.
# guest: big
# log: no [0-9]+ contiguous bytes
# plain: 5.10 6.12 7.3 kasan
set -eu
. ./lib.sh

dir=/sys/kernel/config/kshm/a

# live ERRNO TEXT
live() {
	is "$2: $1" "$(/t/try write $dir/live 1)" "$1"
}

# The figure in the last line about bytes that were not there
foretold() {
	log_since | sed -n "s/.*kshm: no $1 contiguous bytes; the largest size that would succeed now is \([0-9]*\)$/\1/p"
}

# The figure is true of its moment: the kernel may take a page of that memory for its own
# before it is asked for. The log then has another.
live_figure() {
	for _ in 1 2 3; do
		echo "$figure" > $dir/size
		log_mark
		got=$(/t/try write $dir/live 1)
		[ "$got" = ENOMEM ] || break
		figure=$(foretold "$figure")
		diag "it is ${figure:-gone} now"
	done
	is "the figure of the log" "$got" "done"
}

# The last size is all that the kernel has, and no whole page. How much lies together depends
# on what ran before, and on where the kernel itself lies, which may be the middle: 1.06 of
# 2.5 GB were seen; on kasan 0.9 to 2 of 2.9 GB.
too_large() {
	all=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo) * 1024))
	case $(uname -r) in
	*-kasan) least=$((all / 8)) ;;
	*) least=$((all / 3)) ;;
	esac
	for size in 1099511627776 3221225472 $((all - 5)); do
		log_mark
		echo $size > $dir/size
		live ENOMEM "$size bytes"
		pages=$(((size + 4095) / 4096 * 4096))
		is "$size bytes: one line in the log" "$(log_since | grep -c kshm)" 1
		figure=$(foretold $pages)
		diag "the largest size that would succeed now is $figure"
		check "$size bytes: a figure" [ "${figure:-0}" -gt $least ]
		live_figure
		is "is what the buffer has" "$(cat /sys/class/kshm/kshm0/size)" "$figure"
		echo 0 > $dir/live
	done
	echo $((figure + (2 << 20))) > $dir/size
	log_mark
	diag "2 MiB more: $(/t/try write $dir/live 1) $(foretold $((figure + (2 << 20))))"
	echo 0 > $dir/live
}

# What ISA devices can reach is not for buffers, where the kernel sets it apart.
impossible() {
	grep -q 'zone  *DMA$' /proc/zoneinfo || return 0
	log_mark
	echo 16M > $dir/size
	echo 24 > $dir/addr_bits
	live ENOMEM "16 MiB below 16 MiB"
	is "there is nothing to have there" "$(foretold 16777216)" 0
	echo 0 > $dir/addr_bits
}

# A program in the middle of its write to live; it ends soon after a signal. Half of what
# there was just now can be had again and again.
killed() {
	run /t/killed $(((figure >> 22) << 21)) /mnt/load
	rm /mnt/load
}

load buffers=none
mkdir $dir
too_large
impossible
rmdir $dir
killed
unload
finish
