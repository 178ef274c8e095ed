# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# autopkgtest: the test that all dkms packages have, and the one in debian/tests.

autopkgtest_part() {
	suite=trixie
	apt_root "$suite"
	unset APT_CONFIG
	debian_root packaging-autopkgtest "$suite" apt ca-certificates build-essential git \
		debhelper dh-dkms libsmartcols-dev autopkgtest autodep8 openssl "linux-headers-$kernel_flavour" || return
	overlay autopkgtest
	quick_apt
	copy_project "$root/src"
	require "make deb" inside make -s -C /src deb || return
	check "update" inside apt-get update
	check "autopkgtest" inside sh -c \
		'cd /src/build/deb && autopkgtest --ignore-restrictions=breaks-testbed ./*.changes -- null'
	output_matches "the test of dkms packages passes" '^dkms-autopkgtest +PASS'
	output_matches "the package's own test passes" '^installed +PASS'
}
