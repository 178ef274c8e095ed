# SPDX-License-Identifier: GPL-2.0-only
# What is refused to users leaves no more than a line a second in the log.
# guest: basic
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

load buffers=64K
mkdir /sys/kernel/config/kshm/own
log_mark
as_member /dev/kshm0 /t/noise /dev/kshm0 $seconds
quiet "a member of the group"
log_mark
as_outsider /t/noise /dev/kshm0 $seconds
quiet "another user"
rmdir /sys/kernel/config/kshm/own
unload
finish
