# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For the tests of the memory allocator: parameters and modules of the kernel. Sourced.

# rounds NUMBER: how often to do something: NUMBER, unless the kernel's command line says more
rounds() {
	rounds_said=$(sed -n 's/.* rounds=\([0-9]\{1,\}\).*/\1/p' /proc/cmdline)
	echo "${rounds_said:-$1}"
}

# is_builtin MODULE
is_builtin() {
	grep -qx "$(echo "$1" | tr - _)" "/t/modules/$1/builtin"
}

# insert MODULE [PARAMETER...]: load a module of the kernel's own, and what it needs, unless it
# is built in. Fails where the kernel has none.
insert() {
	insert_module=$1
	shift
	! is_builtin "$insert_module" || return 0
	[ -s "/t/modules/$insert_module/order" ] || return 1
	while read -r insert_file; do
		insert_name=${insert_file##*/}
		insert_name=$(echo "${insert_name%.ko}" | tr - _)
		! grep -q "^$insert_name " /proc/modules || continue
		case $insert_file in
		*/"$insert_module".ko) insmod "$insert_file" "$@" ;;
		*) insmod "$insert_file" ;;
		esac || return 1
	done <"/t/modules/$insert_module/order"
}

# without_disk: until the test ends. What a file system's journal holds cannot be migrated, and a
# memory block with such a page never goes offline.
without_disk() {
	umount /mnt
	at_exit 'mount -t ext4 /dev/vda /mnt'
}

# cached MIB: fill the page cache with a sparse file; it is gone with uncached
cached() {
	truncate -s "$1M" /mnt/sparse
	cat /mnt/sparse >/dev/null
}

uncached() {
	rm -f /mnt/sparse
}

# remove MODULE: unload it, and what insert has loaded for it
remove() {
	! is_builtin "$1" || return 0
	rmmod "$(echo "$1" | tr - _)" || return 1
	sed '1!G; h; $!d' "/t/modules/$1/order" | while read -r remove_file; do
		remove_name=${remove_file##*/}
		rmmod "${remove_name%.ko}" 2>/dev/null || :
	done
}

# qmp COMMAND: to QEMU's monitor; JSON, of one or more lines
qmp() {
	echo "@qmp $1" | tr -d '\n\t'
	echo
}

# total: how much memory there is, in KiB
total() {
	sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

# plug BYTES: tell virtio-mem how large it should be
plug() {
	qmp '{"execute": "qom-set", "arguments": {"path": "/machine/peripheral/vmem",
		"property": "requested-size", "value": '"$1"'}}'
}

# unplug KIB: all of it, until there is no more than this: the kernel itself may use a few MiB
# there, which stay. The driver waits 50 s after a failure, unless it hears of a new size.
unplug() {
	for _ in $(seq 30); do
		plug 0
		for _ in $(seq 10); do
			[ "$(total)" -gt "$1" ] || return 0
			sleep 0.2
		done
		plug $((2 << 20))
	done
	return 1
}
