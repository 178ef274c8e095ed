# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Debian roots to build in and to boot.

bootstrap() {
	rm -rf --one-file-system "$root.new"
	mkdir -p "${root%/*}"
	env -u APT_CONFIG mmdebstrap --mode=root --format=directory --variant=essential \
		--architectures="$apt_arch" \
		--aptopt="$apt/acquire.conf" --dpkgopt=force-unsafe-io \
		--include="$(echo "$@" | tr ' ' ,)" "$root_suite" "$root.new" "$apt/etc/apt/sources.list" || return
	echo "$*" >"$root.new/etc/kshm-packages"
	rm -rf --one-file-system "$root"
	mv "$root.new" "$root"
}

make_root() {
	[ "$(cat "$root/etc/kshm-packages" 2>/dev/null)" != "$*" ] || return 0
	apt_root "$root_suite" "${root_arch:-$host_arch}"
	quietly "make a root of $root_suite, ${root##*/}" bootstrap "$@"
}

# debian_root NAME SUITE PACKAGE...: a root that has these packages, of the architecture $root_arch if
# that is set. Sets $root.
debian_root() {
	root=$cache/roots/$1
	root_suite=$2
	shift 2
	locked "root-${root##*/}" make_root "$@"
}

# Those of other flavours of the kernel stay.
copy_headers() {
	[ ! -e "$root/usr/src/$headers" ] || return 0
	[ ! -d "$kernel/root/usr/lib" ] || cp -a "$kernel"/root/usr/lib/linux-kbuild-* "$root/usr/lib/"
	for copied in "$kernel"/root/usr/src/linux-headers-*; do
		rm -rf "$root/usr/src/${copied##*/}"
		cp -a "$copied" "$root/usr/src/"
	done
	touch "$root/usr/src/$headers"
}

# build_root: a root that can build modules for the fetched kernel. Sets $root.
build_root() {
	compiler=$(cat "$kernel/compiler")
	tools=$(cat "$kernel/tools")
	cross=
	[ "$deb_arch" = "$host_arch" ] || cross=-$gnu_cpu-linux-gnu
	# shellcheck disable=SC2086 # a list of package names
	debian_root "$suite-$compiler$cross${tools:+-$tools}" "$suite" "$compiler$cross" make ccache \
		libelf-dev libssl-dev $tools || return 1
	headers=.$(tr ' ' _ <"$kernel/version")
	locked "root-${root##*/}" copy_headers
}
