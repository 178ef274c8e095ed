# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The packages are made for arm64 and installed, in a root of arm64 whose programs QEMU runs.

emulate_arm64() {
	need_packages qemu-user-static binfmt-support arch-test
	update-binfmts --enable qemu-aarch64
}

arm64_part() {
	suite=trixie
	root_arch=arm64
	require "this machine runs programs of arm64" emulate_arm64 || return
	apt_root "$suite" "$root_arch"
	unset APT_CONFIG
	debian_root "packaging-arm64" "$suite" apt ca-certificates build-essential git debhelper \
		dh-dkms dkms libsmartcols-dev ccache openssl systemd kmod || return
	overlay arm64
	quick_apt
	copy_project "$root/src"
	require "make deb" inside make -s -C /src deb || return
	is "architecture of kshm-utils" \
		"$(dpkg-deb -f "$root"/src/build/deb/kshm-utils_*.deb Architecture)" arm64
	check "update" inside apt-get update
	check "install headers" inside apt-get --no-install-recommends install linux-headers-arm64
	mkdir -p "$root/tmp/debs"
	cp "$root"/src/build/deb/*.deb "$root/tmp/debs/"
	check "install the packages" inside sh -c \
		'apt-get --no-install-recommends install /tmp/debs/kshm-*.deb'
	# shellcheck disable=SC2046 # words
	built "after the installation" "$version" $(releases)
	for file in "$root"/usr/lib/modules/*/updates/dkms/kshm.ko*; do
		check "the module is for arm64" sh -c "modinfo -F vermagic $file | grep -w aarch64"
	done
	is "kshmctl --version" "$(inside kshmctl --version)" "kshmctl $version"
	check "purge all packages" inside apt-get purge kshm-dkms kshm-dev kshm-utils
	is "files and packages after the purge" "$(leftovers | grep -v '^src')" ""
}
