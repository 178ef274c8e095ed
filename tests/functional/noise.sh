# SPDX-License-Identifier: GPL-2.0-only
# What is refused to users, or strange, leaves no more than a line a second in the log, and
# nothing in the kernel's list of how memory is cached.
# guest: carveout
set -eu
. ./lib.sh

seconds=4

# quiet WHO: what the log got since log_mark
quiet() {
	lines=$(log_since | wc -l)
	log_since | head -n 20 | sed 's/^/# /'
	is "$1: lines of kshm in the log" "$(log_since | grep -c kshm)" 0
	check "$1: $lines lines of all in $seconds seconds" [ "$lines" -le $seconds ]
}

# how many entries; there is no list without PAT
memtypes() {
	if [ -e /sys/kernel/debug/x86/pat_memtype_list ]; then
		wc -l < /sys/kernel/debug/x86/pat_memtype_list
	fi
}

load buffers=64K,64K@0x30000000
mkdir /sys/kernel/config/kshm/own
memtypes=$(memtypes)
for n in 0 1; do
	log_mark
	as_member /dev/kshm$n /t/noise /dev/kshm$n $seconds
	quiet "a member of the group, $(cat /sys/class/kshm/kshm$n/backing)"
done
is "entries in the list" "$(memtypes)" "$memtypes"
log_mark
as_outsider /t/noise /dev/kshm0 $seconds
quiet "another user"
rmdir /sys/kernel/config/kshm/own
unload
finish
