# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The guest's initramfs: busybox and the kernel's own modules, packed once for a kernel, and
# the tests and kshm.ko, packed for each boot.

guest_modules='virtio_pci virtio_blk ext4 configfs'

pack() {
	(cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0)
}

# unpack_modules TREE DIR MODULE...: copy modules of the fetched kernel, and what they need,
# to TREE/DIR; the file order there names them in the order to load them, the file builtin those
# that the kernel has built in. It may lack a module.
unpack_modules() {
	into=$1 place=$2
	shift 2
	mkdir -p "$into/$place"
	: >"$into/$place/order"
	for module; do
		modprobe -d "$kernel/root" -S "$release" --show-depends "$module"
	done | sed -n -e "s/^builtin //w $into/$place/builtin" -e 's/^insmod \([^ ]*\).*/\1/p' |
		awk '!seen[$0]++' |
		while read -r file; do
			base=${file##*/}
			case $file in
			*.xz) xz -dc "$file" >"$into/$place/${base%.xz}" ;;
			*.zst) zstd -qdc "$file" >"$into/$place/${base%.zst}" ;;
			*) cp "$file" "$into/$place/$base" ;;
			esac
			base=${base%.xz}
			echo "/$place/${base%.zst}" >>"$into/$place/order"
		done
}

make_base() {
	[ ! -e "$kernel/base.cpio" ] || return 0
	tree=$(mktemp -d)
	mkdir -p "$tree/bin" "$tree/dev" "$tree/proc" "$tree/sys" "$tree/tmp" "$tree/mnt" \
		"$tree/root"
	busybox=/bin/busybox
	[ "$deb_arch" = "$host_arch" ] || busybox=$(find "$kernel/root" -type f -path "*/bin/busybox")
	cp "$busybox" "$tree/bin/"
	ln -s busybox "$tree/bin/sh"
	# shellcheck disable=SC2086 # a list of names
	unpack_modules "$tree" modules $guest_modules
	pack "$tree" >"$kernel/base.cpio.new"
	mv "$kernel/base.cpio.new" "$kernel/base.cpio"
	rm -r "$tree"
}

# vfio_modules ROOT: for a machine's variable extra
vfio_modules() {
	unpack_modules "$1" t/modules vfio-pci vfio_iommu_type1
}

# amd_iommu_files ROOT: the same, and the tests for another IOMMU that also run with that of AMD
amd_iommu_files() {
	vfio_modules "$1"
	cp "$top/tests/device/iommu.sh" "$top/tests/device/gone.sh" "$1/t/device/"
}

# rdma_files ROOT: for a machine's variable extra: doc/rdma.md, and ip and rdma of this machine as
# /t/net/NAME, with their libraries. busybox's ip knows no network namespaces.
rdma_files() {
	mkdir -p "$1/t/net"
	cp "$top/doc/rdma.md" "$1/t/"
	for command in ip rdma; do
		cp "$(command -v $command)" "$1/t/net/"
		ldd "$1/t/net/$command" | sed -n 's/[^/]*\(\/[^ ]*\) (.*/\1/p'
	done | sort -u | while read -r file; do
		mkdir -p "$1${file%/*}"
		cp -L "$file" "$1$file"
	done
}

# initramfs TREE FILE: pack the fetched kernel's base and the files in TREE.
initramfs() {
	locked "base-$release" make_base
	pack "$1" | cat "$kernel/base.cpio" - >"$2"
}
