# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# kshm-dkms on a machine of one suite: installation from the repository, kernels that are
# installed and removed, upgrade, downgrade, removal.

# A kernel that kshm cannot support.
unknown=9.9.9-1-amd64

# old_kernel: the kernel that the machine has at first: on Debian 12 the one before the last.
old_kernel() {
	case $suite in
	bookworm) series=6.1. nth=2 ;;
	trixie) series=6.12. nth=1 ;;
	*) series='' nth=1 ;;
	esac
	apt-cache pkgnames "linux-image-$series" |
		sed -n 's/^linux-image-\([0-9][^-]*-\([0-9]*-\)\{0,1\}cloud-amd64\)$/\1/p' |
		sort -rV | sed -n "${nth}p"
}

# machine_root: the root of a machine without kshm, headers and compiler.
machine_root() {
	apt_root "$suite"
	old=$(old_kernel)
	metapackage=linux-headers-$kernel_flavour
	unset APT_CONFIG
	debian_root "packaging-$suite" "$suite" apt ca-certificates systemd-sysv udev kmod \
		passwd iproute2 wget ccache "linux-image-$old" || return
	overlay machine
	quick_apt
	know_server 127.0.0.1
	# the headers of the old kernel alone, which are not what the metapackage brings
	[ "$suite" != bookworm ] || {
		metapackage=linux-headers-$old
		echo 'APT::Install-Recommends "false";' >"$root/etc/apt/apt.conf.d/92kshm-tests"
	}
	fake_uname
	fake_sudo
}

fake_sudo() {
	# shellcheck disable=SC2016 # for the other shell
	printf '#!/bin/sh\nexec "$@"\n' >"$root/usr/local/bin/sudo"
	chmod 755 "$root/usr/local/bin/sudo"
}

# fake_uname: in the chroot uname names the old kernel, as if it ran.
fake_uname() {
	# shellcheck disable=SC2016 # for the other shell
	printf '#!/bin/sh\n[ "$*" = -r ] && echo %s || exec /usr/bin/uname "$@"\n' "$old" \
		>"$root/usr/local/bin/uname"
	chmod 755 "$root/usr/local/bin/uname"
}

# modules: version and kernel of each installed kshm.ko, sorted.
modules() {
	for file in "$root"/usr/lib/modules/*/updates/dkms/kshm.ko*; do
		[ ! -e "$file" ] || echo "$(modinfo -F version "$file")" \
			"$(modinfo -F vermagic "$file" | cut -d' ' -f1)"
	done | sort -V
}

# dkms_status: the same as dkms reports it.
dkms_status() {
	inside dkms status kshm 2>>"$log" |
		sed 's,^kshm/\([^ ]*\)\, \([^ ]*\)\, [^ ]*: installed.*,\1 \2,' | sort -V
}

# each VERSION RELEASE...: what modules and dkms_status should print.
each() {
	each_version=$1
	shift
	for each_release; do
		echo "$each_version $each_release"
	done | sort -V
}

# built TITLE VERSION RELEASE...: the module is installed for these kernels and no other.
built() {
	built_title=$1
	shift
	is "$built_title: installed modules" "$(modules)" "$(each "$@")"
	is "$built_title: dkms status" "$(dkms_status)" "$(each "$@")"
}

releases() {
	for directory in "$root"/usr/lib/modules/*; do
		echo "${directory##*/}"
	done | grep -vx "$unknown" | sort -V
}

install_kshm() {
	require "README.md says how to install from the repository" readme_steps kshm.sources \
		"$metapackage" || return
	cp "$ktap_output" "$root/tmp/steps"
	begin=$(date +%s)
	require "install as README.md says" inside sh -euc '. /tmp/steps' || return
	echo "# packaging/$part: $(($(date +%s) - begin)) s from apt update to the module, on the machine that tests"
	built "after the installation" "$version" "$old"
	check "the group kshm exists" grep '^kshm:' "$root/etc/group"
	check "dpkg --verify finds no change" inside dpkg --verify kshm-dkms kshm-utils
	is "kshmctl --version" "$(inside kshmctl --version)" "kshmctl $version"
	check "the service that restores buffers is enabled" \
		test -L "$root/etc/systemd/system/sysinit.target.wants/kshm-buffers.service"
}

upgrade_kernel() {
	case $suite in
	bookworm)
		check "install a newer kernel without its headers" inside apt-get install "linux-image-$kernel_flavour"
		built "without headers of the new kernel" "$version" "$old"
		check "install the headers of the new kernel" inside apt-get install "linux-headers-$kernel_flavour"
		# shellcheck disable=SC2046 # words
		built "with headers of the new kernel" "$version" $(releases)
		is "number of modules" "$(modules | wc -l)" 2
		;;
	esac
	case $suite in
	bookworm | trixie)
		require "install a kernel of the backports" inside apt-get -t "$suite-backports" install \
			"linux-image-$kernel_flavour" "linux-headers-$kernel_flavour" || return
		;;
	esac
	new=$(releases | tail -n 1)
	# shellcheck disable=SC2046 # words
	built "after all kernels" "$version" $(releases)
}

# unsupported_kernel: install a package with headers of a kernel that does not exist.
unsupported_kernel() {
	deb=$root/tmp/headers
	mkdir -p "$deb/DEBIAN" "$deb/usr/src/linux-headers-$unknown/include" "$deb/usr/lib/modules/$unknown"
	ln -s "/usr/src/linux-headers-$unknown" "$deb/usr/lib/modules/$unknown/build"
	cat >"$deb/DEBIAN/control" <<-END
		Package: linux-headers-$unknown
		Version: 9.9.9-1
		Architecture: $deb_arch
		Maintainer: kshm developers <kshm@example.org>
		Description: headers of a kernel that does not exist
	END
	cat >"$deb/DEBIAN/postinst" <<-END
		#!/bin/sh
		exec run-parts --report --exit-on-error --arg=$unknown /etc/kernel/header_postinst.d
	END
	chmod 755 "$deb/DEBIAN/postinst"
	check "make a package with headers of a kernel that does not exist" inside dpkg-deb --build /tmp/headers
	check "install these headers" inside apt-get install /tmp/headers.deb
	output_matches "dkms says why it does not build for them" "BUILD_EXCLUSIVE directive"
	# shellcheck disable=SC2046 # words
	built "with headers of an unknown kernel" "$version" $(releases)
	check "dpkg --audit finds no package half installed" inside sh -c '! dpkg --audit | grep .'
}

# A kernel that is not on dkms's list, but for which the module compiles: the headers of $old,
# where they are called NAME.
known_headers() {
	mkdir -p "$root/usr/lib/modules/$1"
	ln -sfn "/usr/src/linux-headers-$old" "$root/usr/lib/modules/$1/build"
}

# admitted_kernel: kshm-admit lets dkms build for a series
admitted_kernel() {
	inside kshm-admit "$unknown" >"$ktap_output" 2>&1 && status=0 || status=$?
	is "kshm-admit for a kernel for which it does not compile: exit status" "$status" 1
	output_matches "kshm-admit says so" "cannot be built for $unknown; all is as before"
	is "no series is admitted" "$(cat "$root/etc/kshm/kernels")" ""
	known_headers 9.8.7-1-amd64
	check "kshm-admit for a kernel for which it compiles" inside kshm-admit 9.8.7-1-amd64
	is "the series that are admitted" "$(cat "$root/etc/kshm/kernels")" 9.8
	# shellcheck disable=SC2046 # words
	is "dkms status after kshm-admit" "$(dkms_status)" "$(each "$version" $(releases))"
	known_headers 9.8.8-1-amd64
	check "a newer kernel of this series comes" inside /etc/kernel/postinst.d/dkms 9.8.8-1-amd64
	# shellcheck disable=SC2046 # words
	is "dkms status with the newer kernel" "$(dkms_status)" "$(each "$version" $(releases))"
	for kernel in 9.8.7-1-amd64 9.8.8-1-amd64; do
		check "$kernel goes" inside /etc/kernel/prerm.d/dkms $kernel
		rm -r "$root/usr/lib/modules/$kernel"
	done
	# shellcheck disable=SC2046 # words
	built "after these kernels have gone" "$version" $(releases)
}

remove_kernel() {
	[ "$new" != "$old" ] || return 0
	gone=$(releases | grep -vx "$old" | head -n 1)
	# newer ones are in more packages than image and headers
	# shellcheck disable=SC2016,SC2046 # a name of dpkg's; words
	check "remove the kernel $gone" inside apt-get purge \
		$(inside dpkg-query -W -f '${Package} ' "linux-*-$gone" 2>>"$log")
	check "/lib/modules/$gone is gone" test ! -e "$root/usr/lib/modules/$gone"
	# shellcheck disable=SC2046 # words
	built "after a kernel was removed" "$version" $(releases)
}

other_versions() {
	publish "$work/repo-2"
	check "apt-get update after a newer version was published" inside apt-get update
	check "upgrade kshm-dkms" inside apt-get install kshm-dkms
	# shellcheck disable=SC2046 # words
	built "after the upgrade" "$newer" $(releases)
	check "the source of the old version is gone" test ! -e "$root/usr/src/kshm-$version"
	check "downgrade kshm-dkms" inside apt-get --allow-downgrades install "kshm-dkms=$version"
	# shellcheck disable=SC2046 # words
	built "after the downgrade" "$version" $(releases)
	check "reinstall kshm-dkms" inside apt-get --reinstall install "kshm-dkms=$version"
	# shellcheck disable=SC2046 # words
	built "after reinstalling" "$version" $(releases)
	check "dpkg --audit finds no package half installed" inside sh -c '! dpkg --audit | grep .'
}

# leftovers: files and packages of kshm, without apt's own lists.
leftovers() {
	(
		cd "$root" || exit
		find etc usr var -xdev \( -path var/lib/apt -o -path "var/cache/*" \) -prune -o \
			-name '*kshm*' ! -path "etc/apt/*" ! -path "etc/yum.repos.d/*" ! -name kshm-packages ! -name kshm-test.service -print
		grep -l kshm usr/lib/modules/*/modules.* || :
		find usr/lib/modules -name updates
		# shellcheck disable=SC2016 # the names are dpkg's
		inside dpkg-query -W -f '${Package} ${Status}\n' 'kshm*' 2>/dev/null || :
	)
}

remove_kshm() {
	check "remove kshm-dkms" inside apt-get remove kshm-dkms
	is "modules after the removal" "$(modules)" ""
	check "install kshm-dkms again" inside apt-get install kshm-dkms
	# shellcheck disable=SC2046 # words
	built "after installing again" "$newer" $(releases)
	check "purge all packages" inside apt-get purge kshm-dkms kshm-dev kshm-utils
	is "files and packages after the purge" "$(leftovers)" ""
}
