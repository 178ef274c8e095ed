# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The RPM packages, with Debian's rpm, dnf and dkms: built, and on a machine with headers of
# two kernels installed from the repository, replaced by other versions, and erased.

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
		libc6-dev openssl systemd udev wget $headers || return
	fresh rpm
	quick_apt
	know_server 127.0.0.1
	pretend_sudo
	mkdir -p "$root/etc/dnf"
	printf '[main]\nassumeyes=True\n' >"$root/etc/dnf/dnf.conf"
}

# rpm does not know what dpkg has installed: an empty package says that it is there.
tell_rpm() {
	cat >"$root/tmp/debian.spec" <<-'END'
		Name: debian
		Version: 1
		Release: 1
		Summary: What dpkg has installed
		License: GPL-2.0-only
		BuildArch: noarch
		Provides: dkms gcc kmod make systemd /bin/sh
		%description
		What dpkg has installed.
		%files
	END
	inside rpmbuild --quiet -bb --define "_rpmdir /tmp/rpms" /tmp/debian.spec &&
		inside sh -c 'rpm --install /tmp/rpms/noarch/debian-*.rpm'
}

# dnf_does TEXT VERSION COMMAND...: dnf succeeds, and then the module of this version is
# there for all kernels.
dnf_does() {
	dnf_text=$1
	dnf_version=$2
	shift 2
	check "$dnf_text" inside "$@"
	# shellcheck disable=SC2046 # words
	built "$dnf_text" "$dnf_version" $(releases)
	is "$dnf_text: one version is installed" \
		"$(inside rpm -q --qf '%{VERSION}\n' kshm-dkms)" "$dnf_version"
}

rpm_part() {
	suite=trixie
	rpm_root || return
	packages rpm || return
	newer_packages || return
	check "rpm knows the key" inside rpmkeys --import /src/build/repo/kshm.asc
	check "rpmlint" inside sh -c \
		'rpmlint -c /src/rpm/rpmlint.toml /src/rpm/kshm.spec /src/build/repo/rpm/*.rpm'
	said "rpmlint has no error and no warning" ' 0 errors, 0 warnings'
	must "an empty package for what dpkg has installed" tell_rpm || return
	publish "$work/repo-1"
	must "README.md says how to install from the repository" readme_steps kshm.repo "" || return
	cp "$log.now" "$root/tmp/steps"
	dnf_does "install" "$version" sh -euc '. /tmp/steps'
	is "for two kernels" "$(modules | wc -l)" 2
	check "the group is there" grep '^kshm:' "$root/etc/group"
	check "rpm finds every file as it was" inside rpm --verify kshm-dkms
	dnf_does "reinstall" "$version" dnf reinstall kshm-dkms
	publish "$work/repo-2"
	dnf_does "upgrade" "$newer" dnf --refresh upgrade kshm-dkms
	check "the source of the old version is gone" test ! -e "$root/usr/src/kshm-$version"
	dnf_does "downgrade" "$version" dnf downgrade "kshm-dkms-$version"
	mkdir -p "$root/usr/lib/modules/$unknown/build/include"
	check "reinstall beside an unknown kernel" inside dnf reinstall kshm-dkms
	said "dkms says why it builds nothing for that" "BUILD_EXCLUSIVE directive"
	# shellcheck disable=SC2046 # words
	built "beside an unknown kernel" "$version" $(releases)
	dnf_does "upgrade again" "$newer" dnf upgrade kshm-dkms
	check "erase" inside dnf remove kshm-dkms
	is "no module is left" "$(modules)" ""
	is "dkms knows of none" "$(dkms_status)" ""
	check "the program header" inside dnf install kshm-devel
	check "is there" test -s "$root/usr/include/linux/kshm.h"
	check "erase it" inside dnf remove kshm-devel
	is "nothing of kshm is left" "$(leftovers)" ""
}
