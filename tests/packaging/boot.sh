# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Boot the machine's root in QEMU, with its own initramfs and systemd.

# make_image: make $work/disk of $root, with users, programs and tests for the guest.
make_image() {
	check "install a compiler for programs" inside apt-get install gcc libc6-dev
	mkdir -p "$root/t/lib"
	cp "$top/tests/lib/ktap.sh" "$root/t/lib/"
	cp "$top"/tests/packaging/guest/* "$top/tests/runner/dmesg-errors" \
		"$top/debian/tests/installed" "$root/t/"
	for program in read write samples/upper; do
		require "compile the example '$program' with the header of the package" inside \
			gcc -Wall -Wextra -Werror -o "/t/${program##*/}" \
			"/usr/share/doc/kshm-dev/examples/$program.c" || return
	done
	[ "$suite" != trixie ] || source_tree || return
	[ "$part" != trixie ] || saved_buffers
	[ "$part" != secureboot ] || secure_packages || return
	inside useradd -G kshm member
	inside useradd outsider
	mv "$root/t/kshm-test.service" "$root/etc/systemd/system/"
	inside systemctl enable -q kshm-test.service
	rm "$root/usr/local/bin/uname"
	know_server 10.0.2.2
	umount "$root/proc" "$root/var/cache/apt/archives" "$root/var/cache/ccache"
	rm -f "$work/disk"
	truncate -s 6G "$work/disk"
	require "make a disk of the root" mke2fs -q -t ext4 -m 0 -d "$root" "$work/disk" || return
	rm -rf "$root/etc/kshm"
	mkdir -p "$work/boot"
	for release in $(releases); do
		for file in "$root/boot/vmlinuz-$release" "$root/usr/lib/modules/$release/vmlinuz"; do
			[ ! -e "$file" ] || cp "$file" "$work/boot/vmlinuz-$release"
		done
		cp "$root/boot/initrd.img-$release" "$work/boot/"
	done
	mount -t proc proc "$root/proc"
	archives
	compilations
	fake_uname
	know_server 127.0.0.1
}

# saved_buffers: what is to be restored at boot, and the page that says how to use it.
saved_buffers() {
	mkdir -p "$root/etc/kshm"
	printf '%s\n' 'huge size=64T' 'video size=4M' >"$root/etc/kshm/buffers.conf"
	cp "$top/doc/access.md" "$root/t/"
}

# source_tree: this project's files for the guest, the module built for the new kernel.
source_tree() {
	copy_project "$root/t/source"
	require "build the module in the source tree" inside \
		make -s -C /t/source KDIR="/lib/modules/$new/build" modules
}

# boot RELEASE APPEND TEST...: boot it and run tests of tests/packaging/guest.
boot() {
	release=$1
	appended=$2
	shift 2
	dir=$work/guest-$release-$1
	kernel=$dir
	choose_machine basic
	# apt and dkms are slow in an emulated guest, and slower on a busy host
	limit=3000
	disks="-drive file=$work/disk,format=raw,if=virtio,snapshot=on"
	devices='-nic user,model=virtio-net-pci'
	[ -z "${secure-}" ] || secure_machine
	mkdir -p "$dir"
	cp "$work/boot/vmlinuz-$release" "$dir/vmlinuz"
	cp "$work/boot/initrd.img-$release" "$dir/initrd"
	# see run_guest about the tries
	for try in 1 2 3; do
		say "packaging/$part: boot $release: $*"
		start_guest "$dir" "root=/dev/vda rw apparmor=0 systemd.getty_auto=0 $appended kshm_tests=$(echo "$*" | tr ' ' ,)" || :
		# firmware writes to all serial ports
		sed -n -i '/^@begin/,$p' "$dir/results"
		if grep -q '^@begin' "$dir/results" || [ "$(cat "$dir/status")" = 124 ]; then
			break
		fi
		cp "$dir/console.log" "$dir/console.$try.log"
	done
	evaluate_guest "$dir" "packaging/$part/$release" "$*" || :
}

# boot_kernels: the new kernel, and what differs from one part to the next: the old one, a kernel
# that does not trust dkms's key, Secure Boot.
boot_kernels() {
	case $part in
	bookworm)
		boot "$new" "" booted module
		boot "$old" "" booted
		;;
	trixie)
		boot "$new" "" booted services module purged source
		boot "$old" module.sig_enforce=1 untrusted
		;;
	secureboot)
		boot "$new" "" booted
		secure_boots "$old"
		;;
	sid)
		boot "$new" "" booted module
		boot "$new" module.sig_enforce=1 untrusted
		;;
	esac
}
