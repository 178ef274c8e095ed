# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Disk images for guests, kept in the cache. Guests write to a temporary snapshot.

make_disk() {
	[ ! -e "$image" ] || return 0
	mkdir -p "${image%/*}"
	size=$1
	shift
	rm -f "$image.new"
	truncate -s "$size" "$image.new" &&
		mke2fs -q -t ext4 -m 0 "$@" "$image.new" &&
		mv "$image.new" "$image"
}

# test_disk: an empty file system, /mnt in each guest. Sets $image.
test_disk() {
	image=$cache/disks/test.ext4
	locked disk-test make_disk 256M
}

# root_disk NAME: a Debian root to boot into. Sets $image.
root_disk() {
	case $1 in
	languages)
		debian_root guest-languages trixie python3 python3-numpy \
			default-jdk-headless nodejs podman crun || return 1
		;;
	udev) debian_root guest-udev trixie udev systemd-standalone-sysusers kmod || return 1 ;;
	trinity)
		debian_root guest-trinity trixie udev systemd-standalone-sysusers kmod \
			trinity || return 1
		;;
	*) die "unknown root disk '$1'" ;;
	esac
	image=$cache/disks/$1.ext4
	[ -z "$(find "$root/etc/kshm-packages" -newer "$image" 2>/dev/null)" ] || rm -f "$image"
	locked "disk-$1" make_disk 2G -d "$root"
}
