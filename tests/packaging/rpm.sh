# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The RPM packages, with Debian's rpm, dnf and dkms: build them; on a machine with headers of
# two kernels, install them from the repository, upgrade, downgrade and erase them.

# The headers of the two newest kernels.
two_headers() {
	apt-cache pkgnames linux-headers-6.12. | grep -- '-cloud-amd64$' | sort -rV | head -n 2
}

rpm_root() {
	apt_root "$suite"
	headers=$(two_headers)
	unset APT_CONFIG
	# shellcheck disable=SC2086 # a list of package names
	debian_root packaging-rpm "$suite" rpm dnf createrepo-c rpmlint gnupg git make dkms gcc \
		libc6-dev ccache libsmartcols-dev openssl systemd udev wget $headers || return
	overlay rpm
	quick_apt
	know_server 127.0.0.1
	fake_sudo
	mkdir -p "$root/etc/rpm" "$root/etc/dnf"
	echo '%_install_script_path /usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin' \
		>"$root/etc/rpm/macros.ccache"
	printf '[main]\nassumeyes=True\n' >"$root/etc/dnf/dnf.conf"
}

# tell_rpm: rpm does not know what dpkg has installed; an empty package provides it.
tell_rpm() {
	cat >"$root/tmp/debian.spec" <<-'END'
		Name: debian
		Version: 1
		Release: 1
		Summary: What dpkg has installed
		License: GPL-2.0-only
		BuildArch: noarch
		Provides: dkms gcc kmod make systemd /bin/sh
	END
	inside sh -c 'rpm -qp --requires /src/build/repo/rpm/kshm-utils-*.rpm' |
		sed -n 's/^\(lib.*\|rtld.*\)/Provides: \1/p' >>"$root/tmp/debian.spec"
	printf '%%description\nWhat dpkg has installed.\n%%files\n' >>"$root/tmp/debian.spec"
	inside rpmbuild --quiet -bb --define "_rpmdir /tmp/rpms" /tmp/debian.spec &&
		inside sh -c 'rpm --install /tmp/rpms/noarch/debian-*.rpm'
}

# dnf_does TITLE VERSION COMMAND...: dnf succeeds, and afterwards the module of this version
# is installed for all kernels.
dnf_does() {
	dnf_title=$1
	dnf_version=$2
	shift 2
	check "$dnf_title" inside "$@"
	# shellcheck disable=SC2046 # words
	built "$dnf_title" "$dnf_version" $(releases)
	is "$dnf_title: installed versions" \
		"$(inside rpm -q --qf '%{VERSION}\n' kshm-dkms)" "$dnf_version"
}

rpm_part() {
	suite=trixie
	rpm_root || return
	packages rpm || return
	newer_packages || return
	check "import the key into rpm" inside rpmkeys --import /src/build/repo/kshm.asc
	check "rpmlint" inside sh -c \
		'rpmlint -c /src/rpm/rpmlint.toml /src/rpm/kshm.spec /src/build/repo/rpm/*.rpm'
	output_matches "rpmlint has no error and no warning" ' 0 errors, 0 warnings'
	require "install an empty package for what dpkg has installed" tell_rpm || return
	publish "$work/repo-1"
	require "README.md says how to install from the repository" readme_steps kshm.repo "" || return
	cp "$ktap_output" "$root/tmp/steps"
	dnf_does "install" "$version" sh -euc '. /tmp/steps'
	is "number of modules" "$(modules | wc -l)" 2
	check "the group kshm exists" grep '^kshm:' "$root/etc/group"
	check "rpm --verify finds no change" inside rpm --verify kshm-dkms
	dnf_does "reinstall" "$version" dnf reinstall kshm-dkms
	publish "$work/repo-2"
	dnf_does "upgrade" "$newer" dnf --refresh upgrade kshm-dkms
	check "the source of the old version is gone" test ! -e "$root/usr/src/kshm-$version"
	dnf_does "downgrade" "$version" dnf downgrade "kshm-dkms-$version"
	mkdir -p "$root/usr/lib/modules/$unknown/build/include"
	check "reinstall with headers of an unknown kernel" inside dnf reinstall kshm-dkms
	output_matches "dkms says why it does not build for them" "BUILD_EXCLUSIVE directive"
	# shellcheck disable=SC2046 # words
	built "with headers of an unknown kernel" "$version" $(releases)
	dnf_does "upgrade again" "$newer" dnf upgrade kshm-dkms
	check "erase kshm-dkms" inside dnf remove kshm-dkms
	is "modules after erasing" "$(modules)" ""
	is "dkms status after erasing" "$(dkms_status)" ""
	check "kshmctl runs" inside kshmctl --version
	check "rpm --verify finds no change of kshm-utils" inside rpm --verify kshm-utils
	check "erase kshm-utils" inside dnf remove kshm-utils
	check "install kshm-devel" inside dnf install kshm-devel
	check "the header for programs is installed" test -s "$root/usr/include/linux/kshm.h"
	check "erase kshm-devel" inside dnf remove kshm-devel
	is "files and packages after erasing" "$(leftovers)" ""
}
