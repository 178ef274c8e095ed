# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The guest's initramfs: busybox and the kernel's own modules, made once for a kernel,
# then the tests and kshm.ko, packed for each boot.

guest_modules='virtio_pci virtio_blk ext4 configfs'

pack() {
	(cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0)
}

make_base() {
	[ ! -e "$kernel/base.cpio" ] || return 0
	tree=$(mktemp -d)
	mkdir -p "$tree/bin" "$tree/dev" "$tree/proc" "$tree/sys" "$tree/tmp" "$tree/mnt" \
		"$tree/root" "$tree/modules"
	cp /bin/busybox "$tree/bin/"
	ln -s busybox "$tree/bin/sh"
	# a kernel may have them built in
	: >"$tree/modules/order"
	for module in $guest_modules; do
		modprobe -d "$kernel/root" -S "$release" --show-depends "$module"
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' |
		while read -r file; do
			base=${file##*/}
			case $file in
			*.xz) xz -dc "$file" >"$tree/modules/${base%.xz}" ;;
			*.zst) zstd -qdc "$file" >"$tree/modules/${base%.zst}" ;;
			*) cp "$file" "$tree/modules/$base" ;;
			esac
			base=${base%.xz}
			echo "/modules/${base%.zst}" >>"$tree/modules/order"
		done
	pack "$tree" >"$kernel/base.cpio.new"
	mv "$kernel/base.cpio.new" "$kernel/base.cpio"
	rm -r "$tree"
}

# initramfs TREE FILE: the fetched kernel's base and what is in TREE.
initramfs() {
	locked "base-$release" make_base
	pack "$1" | cat "$kernel/base.cpio" - >"$2"
}
