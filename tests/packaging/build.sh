# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Make the packages and the repositories in a root of the suite, as a user would.

# build_root_of: the root of a suite that has all but kernels, also for matrix and autopkgtest.
build_root_of() {
	debian_root "packaging-build-$suite" "$suite" apt ca-certificates build-essential git \
		debhelper dh-dkms dkms apt-utils gnupg libsmartcols-dev \
		lintian openssl systemd autopkgtest autodep8
}

next_version() {
	sed -i "/^#define KSHM_VERSION/s/$version/$newer/" "$root/src/src/version.h"
	sed -i "1s/$version/$newer/" "$root/src/debian/changelog"
	sed -i "s/^\(Version: *\|\* .* - \)$version/\1$newer/" "$root/src/rpm/kshm.spec"
}

# readme_makes deb|rpm: the steps of README.md that make packages.
readme_makes() {
	sed -n 's/^    \(make .*repo\) URL=.*/\1/p' "$top/README.md" | grep "$1"
}

# packages deb|rpm: make them in $root; copy them to $work and their repository to
# $work/repo-1.
packages() {
	newer=$version.1
	copy_project "$root/src"
	require "README.md says how to make packages" readme_makes "$1" || return
	steps=$(cat "$ktap_output")
	# shellcheck disable=SC2086 # words of a command
	require "$steps" inside $steps -s -C /src URL="$url" || return
	cp -R "$root/src/build/repo" "$work/repo-1"
	cp -R "$root/src/build/$1" "$work/$1"
}

# newer_packages: make a newer version too; the repository with both is $work/repo-2.
newer_packages() {
	next_version
	# shellcheck disable=SC2086 # words of a command
	require "$steps with a newer version" inside $steps -s -C /src URL="$url" ||
		return
	cp -R "$root/src/build/repo" "$work/repo-2"
}

build_debs() {
	build_root_of || return
	overlay build
	packages deb || return
	newer_packages || return
	check "lintian $(inside lintian --version)" inside sh -c \
		'lintian --allow-root --info --fail-on error,warning /src/build/deb/*.changes'
	is "errors and warnings of lintian" "$(grep -c '^[EW]:' "$ktap_output")" 0
	is "files in the source for dkms that the build does not need" "$(
		dpkg-deb -c "$work"/deb/kshm-dkms_*.deb |
			sed -n "s,.* ./usr/src/kshm-$version/,,p" |
			grep -vxE '|dkms\.conf|kshm-symvers|src/|src/((mm|compat)/)?[a-z_]*\.[ch]|src/(Kbuild|client\.kbuild|mm/|compat/|include/.*)'
	)" ""
}
