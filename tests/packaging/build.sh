# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Make the packages and the repositories in a root of the suite, as a user would.

build_root_of() {
	# shellcheck disable=SC2086 # a list of package names
	debian_root "packaging-build-$suite" "$suite" build-essential git debhelper dh-dkms \
		apt-utils gnupg lintian $rpm_tools
}

next_version() {
	sed -i "/^#define KSHM_VERSION/s/$version/$newer/" "$root/src/src/version.h"
	sed -i "1s/$version/$newer/" "$root/src/debian/changelog"
	sed -i "s/^\(Version: *\|\* .* - \)$version/\1$newer/" "$root/src/rpm/kshm.spec"
}

# The steps of README.md that make packages, with our address and a key for trying.
readme_makes() {
	sed -n 's/^    \(make .*repo\) URL=.*/\1/p' "$top/README.md" | grep "$1"
}

# packages deb|rpm: make them in $root, leave them in $work and their repository in
# $work/repo-1.
packages() {
	version=$(sed -n 's/^#define KSHM_VERSION "\(.*\)"/\1/p' "$top/src/version.h")
	newer=$version.1
	# shellcheck disable=SC2016 # for the other shell
	(cd "$top" && sh -c '. packages/lib.sh; copy_project "$1"' sh "$root/src")
	must "README.md says how to make packages" readme_makes "$1" || return
	steps=$(cat "$log.now")
	# shellcheck disable=SC2086 # words of a command
	must "$steps" inside $steps -s -C /src URL="$url" || return
	cp -R "$root/src/build/repo" "$work/repo-1"
	cp -R "$root/src/build/$1" "$work/$1"
}

# newer_packages: the same for a version that comes after it, beside the first, in
# $work/repo-2.
newer_packages() {
	next_version
	# shellcheck disable=SC2086 # words of a command
	must "$steps, once more with a newer version" inside $steps -s -C /src URL="$url" ||
		return
	cp -R "$root/src/build/repo" "$work/repo-2"
}

build_debs() {
	rpm_tools=
	build_root_of || return
	fresh build
	packages deb || return
	newer_packages || return
	check "lintian $(inside lintian --version)" inside sh -c \
		'lintian --allow-root --info --fail-on error,warning /src/build/deb/*.changes'
	is "lintian has no error and no warning" "$(grep -c '^[EW]:' "$log.now")" 0
	is "nothing but what the build needs is in the source for dkms" "$(
		dpkg-deb -c "$work"/deb/kshm-dkms_*.deb |
			sed -n "s,.* ./usr/src/kshm-$version/,,p" |
			grep -vxE '|dkms\.conf|src/|src/(Kbuild|[a-z_]*\.[ch]|include/.*)'
	)" ""
}
