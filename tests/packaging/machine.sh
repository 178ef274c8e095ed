# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The life of kshm-dkms on a machine of one suite: installed from the repository, kernels
# that come and go, other versions, removal.

# A kernel that kshm cannot support.
unknown=9.9.9-1-amd64

# The kernel that the machine has at first: on Debian 12 the last but one.
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

# A root as it is on a machine without kshm, headers and compiler.
machine_root() {
	apt_root "$suite"
	old=$(old_kernel)
	metapackage=linux-headers-cloud-amd64
	unset APT_CONFIG
	debian_root "packaging-$suite" "$suite" apt ca-certificates systemd-sysv udev kmod \
		passwd iproute2 wget "linux-image-$old" || return
	fresh machine
	quick_apt
	know_server 127.0.0.1
	# the headers of the old kernel alone, which are not what the metapackage brings
	[ "$suite" != bookworm ] || {
		metapackage=linux-headers-$old
		echo 'APT::Install-Recommends "false";' >"$root/etc/apt/apt.conf.d/92kshm-tests"
	}
	pretend
	pretend_sudo
}

pretend_sudo() {
	# shellcheck disable=SC2016 # for the other shell
	printf '#!/bin/sh\nexec "$@"\n' >"$root/usr/local/bin/sudo"
	chmod 755 "$root/usr/local/bin/sudo"
}

# A chroot has no kernel that runs: uname says that the old one does.
pretend() {
	# shellcheck disable=SC2016 # for the other shell
	printf '#!/bin/sh\n[ "$*" = -r ] && echo %s || exec /usr/bin/uname "$@"\n' "$old" \
		>"$root/usr/local/bin/uname"
	chmod 755 "$root/usr/local/bin/uname"
}

# modules: version and kernel of each kshm.ko there is, in the order of versions.
modules() {
	for file in "$root"/usr/lib/modules/*/updates/dkms/kshm.ko*; do
		[ ! -e "$file" ] || echo "$(modinfo -F version "$file")" \
			"$(modinfo -F vermagic "$file" | cut -d' ' -f1)"
	done | sort -V
}

# The same by dkms's own account.
dkms_status() {
	inside dkms status kshm 2>>"$log" |
		sed 's,^kshm/\([^ ]*\)\, \([^ ]*\)\, x86_64: installed.*,\1 \2,' | sort -V
}

# each VERSION RELEASE...: what modules and dkms_status should print.
each() {
	each_version=$1
	shift
	for each_release; do
		echo "$each_version $each_release"
	done | sort -V
}

# built TEXT VERSION RELEASE...: the module is there for these kernels and no other.
built() {
	built_text=$1
	shift
	is "$built_text: the modules" "$(modules)" "$(each "$@")"
	is "$built_text: dkms status" "$(dkms_status)" "$(each "$@")"
}

releases() {
	for directory in "$root"/usr/lib/modules/*; do
		echo "${directory##*/}"
	done | grep -vx "$unknown" | sort -V
}

install_kshm() {
	must "README.md says how to install from the repository" readme_steps kshm.sources \
		"$metapackage" || return
	cp "$log.now" "$root/tmp/steps"
	begin=$(date +%s)
	must "install it so" inside sh -euc '. /tmp/steps' || return
	echo "# packaging/$part: $(($(date +%s) - begin)) s from apt update to the module, on the machine that tests"
	built "installed" "$version" "$old"
	check "the group is there" grep '^kshm:' "$root/etc/group"
	check "dpkg finds every file as it was" inside dpkg --verify kshm-dkms
}

upgrade_kernel() {
	case $suite in
	bookworm)
		check "a newer kernel comes without its headers" inside apt-get install linux-image-cloud-amd64
		built "headers are missing" "$version" "$old"
		check "the headers come" inside apt-get install linux-headers-cloud-amd64
		# shellcheck disable=SC2046 # words
		built "after the headers" "$version" $(releases)
		is "that makes two" "$(modules | wc -l)" 2
		;;
	esac
	case $suite in
	bookworm | trixie)
		must "a kernel of the backports" inside apt-get -t "$suite-backports" install \
			linux-image-cloud-amd64 linux-headers-cloud-amd64 || return
		;;
	esac
	new=$(releases | tail -n 1)
	# shellcheck disable=SC2046 # words
	built "for all kernels" "$version" $(releases)
}

# A package that brings headers of a kernel that does not exist yet.
unsupported_kernel() {
	deb=$root/tmp/headers
	mkdir -p "$deb/DEBIAN" "$deb/usr/src/linux-headers-$unknown/include" "$deb/usr/lib/modules/$unknown"
	ln -s "/usr/src/linux-headers-$unknown" "$deb/usr/lib/modules/$unknown/build"
	cat >"$deb/DEBIAN/control" <<-END
		Package: linux-headers-$unknown
		Version: 9.9.9-1
		Architecture: amd64
		Maintainer: kshm developers <kshm@example.org>
		Description: headers of a kernel that does not exist yet
	END
	cat >"$deb/DEBIAN/postinst" <<-END
		#!/bin/sh
		exec run-parts --report --exit-on-error --arg=$unknown /etc/kernel/header_postinst.d
	END
	chmod 755 "$deb/DEBIAN/postinst"
	check "make headers of a kernel that does not exist yet" inside dpkg-deb --build /tmp/headers
	check "they are installed without an error" inside apt-get install /tmp/headers.deb
	said "and dkms says why it builds nothing" "BUILD_EXCLUSIVE directive"
	# shellcheck disable=SC2046 # words
	built "beside an unknown kernel" "$version" $(releases)
	check "no package is left half installed" inside sh -c '! dpkg --audit | grep .'
}

remove_kernel() {
	[ "$new" != "$old" ] || return 0
	gone=$(releases | grep -vx "$old" | head -n 1)
	# newer ones are in more packages than image and headers
	# shellcheck disable=SC2016,SC2046 # a name of dpkg's; words
	check "remove the kernel $gone" inside apt-get purge \
		$(inside dpkg-query -W -f '${Package} ' "linux-*-$gone" 2>>"$log")
	check "nothing of it is left in /lib/modules" test ! -e "$root/usr/lib/modules/$gone"
	# shellcheck disable=SC2046 # words
	built "after that" "$version" $(releases)
}

other_versions() {
	publish "$work/repo-2"
	check "a newer version is published" inside apt-get update
	check "upgrade" inside apt-get install kshm-dkms
	# shellcheck disable=SC2046 # words
	built "upgraded" "$newer" $(releases)
	check "the source of the old version is gone" test ! -e "$root/usr/src/kshm-$version"
	check "downgrade" inside apt-get --allow-downgrades install "kshm-dkms=$version"
	# shellcheck disable=SC2046 # words
	built "downgraded" "$version" $(releases)
	check "reinstall" inside apt-get --reinstall install "kshm-dkms=$version"
	# shellcheck disable=SC2046 # words
	built "reinstalled" "$version" $(releases)
	check "no package is left half installed" inside sh -c '! dpkg --audit | grep .'
}

# What of kshm there is outside of apt's own lists.
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
	check "remove" inside apt-get remove kshm-dkms
	is "no module is left" "$(modules)" ""
	check "install again" inside apt-get install kshm-dkms
	# shellcheck disable=SC2046 # words
	built "there again" "$newer" $(releases)
	check "purge" inside apt-get purge kshm-dkms kshm-dev
	is "nothing of it is left" "$(leftovers)" ""
}
