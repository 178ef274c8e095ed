# SPDX-License-Identifier: GPL-2.0-only
# What users are refused, or may do that is unusual, leaves at most a line a second in the
# log, and nothing in the kernel's list of memory types.
# machine: carveout
set -eu
. ./lib/guest.sh

seconds=4

uptime() {
	read -r up _ </proc/uptime
	echo "${up%.*}"
}

# quiet WHO COMMAND...: what the log gets while the command runs
quiet() {
	who=$1
	shift
	log_mark
	start=$(uptime)
	"$@"
	took=$(($(uptime) - start))
	lines=$(log_since | wc -l)
	log_since | head -n 20 | sed 's/^/# /'
	is "$who: lines of kshm in the log" "$(log_since | grep -c kshm)" 0
	check "$who: $lines lines in the log in $took seconds" [ "$lines" -le "$took" ]
}

# The number of entries, which leak when a mapping is split; there is no list without PAT.
memtypes() {
	if [ -e /sys/kernel/debug/x86/pat_memtype_list ]; then
		wc -l </sys/kernel/debug/x86/pat_memtype_list
	fi
}

load "buffers=64K,64K@$(at 0)"
mkdir /sys/kernel/config/kshm/own
memtypes=$(memtypes)
for n in 0 1; do
	quiet "a member of the group, $(cat /sys/class/kshm/kshm$n/backing)" \
		as_member /dev/kshm$n security/log-spam /dev/kshm$n $seconds
done
is "entries in pat_memtype_list" "$(memtypes)" "$memtypes"
quiet "a user outside of the group" as_outsider security/log-spam /dev/kshm0 $seconds
rmdir /sys/kernel/config/kshm/own
unload
finish
