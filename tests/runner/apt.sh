# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Private apt roots, one per Debian suite, with the mirrors of this machine. The machine's own
# apt state is not changed.
#
# KSHM_MIRROR, KSHM_SECURITY_MIRROR  mirrors to use instead of those in apt's configuration

debian_entries() {
	# apt reads one-line and deb822 sources alike
	# shellcheck disable=SC2016 # the names are apt's
	apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null | sed -n 's/^Debian //p'
}

# Sets $mirror and $security_mirror.
find_mirrors() {
	[ -n "${mirror-}" ] && return
	mirror=${KSHM_MIRROR-}
	security_mirror=${KSHM_SECURITY_MIRROR-}
	[ -z "$mirror" ] || return 0
	entries=$(debian_entries)
	[ -n "$entries" ] || {
		quietly "update the package lists" apt-get -q update || :
		entries=$(debian_entries)
	}
	mirror=$(printf '%s\n' "$entries" | sed -n 's/^Debian main //p' | head -n 1)
	security_mirror=${security_mirror:-$(printf '%s\n' "$entries" |
		sed -n 's/^Debian-Security main //p' | head -n 1)}
	[ -n "$mirror" ] || die "apt knows no Debian mirror: set KSHM_MIRROR"
}

# apt_sources SUITE EXTRA...: the lines of a sources.list.
apt_sources() {
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	options="arch=$apt_arch"
	[ ! -e $keyring ] || options="$options signed-by=$keyring"
	suite=$1
	shift
	echo "deb [$options] $mirror $suite main"
	for extra; do
		case $extra in
		security) echo "deb [$options] ${security_mirror:-${mirror%/}-security} $suite-security main" ;;
		*) echo "deb [$options] $mirror $suite-$extra main" ;;
		esac
	done
}

apt_update() {
	APT_CONFIG=$apt/apt.conf quietly "update the lists of $suite" apt-get -q update
}

make_apt_root() {
	suite=$1
	! fresh "$apt/stamp" || return 0
	find_mirrors
	mkdir -p "$apt/etc/apt/apt.conf.d" "$apt/etc/apt/preferences.d" "$apt/var/lib/dpkg" \
		"$apt/var/lib/apt/lists/partial" "$apt/var/cache/apt/archives/partial"
	: >"$apt/var/lib/dpkg/status"
	# the machine's proxies and the like; old suites have an expired Release file
	{
		apt-config dump | grep '^Acquire::' | grep -v -e IndexTargets -e '^Acquire::Languages'
		echo 'Acquire::Languages "none"; Acquire::Check-Valid-Until "false";'
	} >"$apt/acquire.conf"
	cat - "$apt/acquire.conf" >"$apt/apt.conf" <<-END
		Dir "$apt";
		Dir::State::status "$apt/var/lib/dpkg/status";
		Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
		Dir::Etc::netrc "/etc/apt/auth.conf";
		Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
		APT::Architecture "$apt_arch";
		APT::Architectures "$apt_arch";
		APT::Sandbox::User "root";
	END
	case $suite in
	sid) extras= ;;
	bullseye) extras='security' ;;
	*) extras='security backports' ;;
	esac
	# shellcheck disable=SC2086 # a list of words
	apt_sources "$suite" $extras >"$apt/etc/apt/sources.list"
	apt_update || {
		# a mirror may lack some of them
		kept=
		for extra in $extras; do
			# shellcheck disable=SC2086 # a list of names
			apt_sources "$suite" $kept "$extra" >"$apt/etc/apt/sources.list"
			! apt_update || kept="$kept $extra"
		done
		# shellcheck disable=SC2086 # a list of names
		apt_sources "$suite" $kept >"$apt/etc/apt/sources.list"
		apt_update || {
			[ -e "$apt/stamp" ] || die "no package lists for $suite"
			say "using old package lists of $suite"
		}
	}
	touch "$apt/stamp"
}

# apt_root SUITE [ARCHITECTURE]: make the root or update its lists, once a day; by default for
# this machine. Sets $apt.
apt_root() {
	apt_arch=${2:-$host_arch}
	apt=$cache/apt/$1
	[ "$apt_arch" = "$host_arch" ] || apt=$apt-$apt_arch
	locked "apt-${apt##*/}" make_apt_root "$1"
	export APT_CONFIG="$apt/apt.conf"
}
