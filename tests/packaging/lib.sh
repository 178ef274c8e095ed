# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Copies of Debian roots that are thrown away. Sourced after tests/runner/all.sh by
# tests/packaging/run, which gives each part a mount namespace of its own.

# output_matches TITLE REGEX: the output of the last command that was checked.
output_matches() {
	cp "$ktap_output" "$work/output.last"
	check "$1" grep -E -e "$2" "$work/output.last"
	mv "$work/output.last" "$ktap_output"
}

# overlay NAME: a copy of $root that may be changed. Sets $root to it. It is gone with the
# mount namespace.
overlay() {
	rm -rf --one-file-system "${work:?}/$1"
	mkdir -p "$work/$1/upper" "$work/$1/work" "$work/$1/root"
	mount -t overlay overlay "$work/$1/root" \
		-o "lowerdir=$root,upperdir=$work/$1/upper,workdir=$work/$1/work" || return
	root=$work/$1/root
	mount -t proc proc "$root/proc"
}

# compilations: keep what dkms in $root compiles, which it does again for each step of a part,
# and for the next run.
compilations() {
	mkdir -p "$cache/ccache/$part-$suite" "$root/var/cache/ccache"
	printf 'cache_dir = /var/cache/ccache\ncompiler_check = content\n' >"$root/etc/ccache.conf"
	mount --bind "$cache/ccache/$part-$suite" "$root/var/cache/ccache"
}

# inside COMMAND...: run it in $root.
inside() {
	env -i PATH=/usr/lib/ccache:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

# archives: keep what apt in $root downloads for the next run. apt locks it, so each part has
# its own.
archives() {
	mkdir -p "$cache/archives/$part-$suite/partial"
	mount --bind "$cache/archives/$part-$suite" "$root/var/cache/apt/archives"
}

# quick_apt: apt in $root uses the machine's lists and proxies and earlier downloads, asks
# nothing, and does not wait for the disk.
quick_apt() {
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	cp -a "$apt/var/lib/apt/lists" "$root/var/lib/apt/"
	cat - "$apt/acquire.conf" >"$root/etc/apt/apt.conf.d/90kshm-tests" <<-'END'
		APT::Get::Assume-Yes "true";
		APT::Keep-Downloaded-Packages "true";
		Binary::apt::APT::Keep-Downloaded-Packages "true";
		DPkg::Options:: "--force-unsafe-io";
	END
	archives
	compilations
	rm -f "$root"/var/cache/apt/archives/kshm*
}
