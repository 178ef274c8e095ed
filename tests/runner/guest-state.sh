# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # shared by the sourced files
# In the guest: what a test may change and must restore. Sourced by run-tests.

# Files that change by themselves, that only start something, or that run-tests looks at
# itself; and what the kernel computes from the size of memory, which may grow and shrink.
own_changes='/(ns_last_pid|tainted|hung_task_detect_count|drop_caches|stat_refresh|full_scans|pages_collapsed|min_free_kbytes|user_reserve_kbytes|admin_reserve_kbytes):'

settings() {
	$bb grep -s '' /proc/sys/kernel/* /proc/sys/vm/* /sys/kernel/rcu_expedited \
		/sys/kernel/rcu_normal /sys/kernel/mm/transparent_hugepage/* \
		/sys/kernel/mm/transparent_hugepage/*/* /sys/kernel/mm/hugepages/*/* \
		/sys/kernel/mm/ksm/run /sys/devices/system/cpu/online /sys/kernel/security/lockdown \
		/sys/kernel/debug/fail*/* /sys/kernel/debug/provoke-crash/* \
		/sys/fs/cgroup/cgroup.subtree_control | $bb grep -vE "$own_changes"
}

# All processes but kernel threads, whose parent is process 2, and those of run-tests and udev.
processes() {
	for process in /proc/[0-9]*; do
		read -r stat 2>/dev/null <"$process/stat" || continue
		comm=${stat#*(}
		comm=${comm%)*}
		# shellcheck disable=SC2086 # fields
		set -- ${stat##*)}
		case $2/$comm in
		2/* | */systemd-udevd | */\(udev-worker\) | */udev-worker | 0/kthreadd | */timeout) ;;
		*) echo "process ${process#/proc/} $comm" ;;
		esac
	done
}

# guest_state: one thing a line.
guest_state() {
	settings
	$bb sed 's/^/mount /; s/,size=[0-9]*k,nr_inodes=[0-9]*//' /proc/mounts | $bb sort
	# as long as some of its memory is in use, it cannot be loaded again
	$bb sed '/^virtio_mem /d; s/ .*//; s/^/module /' /proc/modules | $bb sort
	$bb find /tmp /mnt /dev /sys/fs/cgroup -type d -exec "$bb" stat -c 'directory %n %a %u' {} + |
		$bb sort
	$bb find /tmp /mnt /dev ! -type d -exec "$bb" stat -c 'file %n' {} + | $bb sort
	processes
}

# state_changed FILE: whether the guest differs from $state, for more than 8 seconds, as some
# things go away with a delay. Prints the difference. A test that cannot restore something has
# a line "# leaves: REGEX". What the guest is then becomes $state.
state_changed() {
	leaves=$($bb sed -n 's/^# leaves: *//p' "$1")
	$bb grep -vE "${leaves:-^$}" "$state" >"$state.before"
	until=$(($(uptime) + 8))
	while :; do
		guest_state >"$state.now"
		$bb grep -vE "${leaves:-^$}" "$state.now" >"$state.after"
		if $bb cmp -s "$state.before" "$state.after"; then
			$bb mv "$state.now" "$state"
			return 1
		fi
		[ "$(uptime)" -lt $until ] || break
		$bb sleep 0.2
	done
	$bb mv "$state.now" "$state"
	$bb diff "$state.before" "$state.after" | $bb sed -n 's/^-\([^-]\)/was: \1/p; s/^+\([^+]\)/is:  \1/p'
}
