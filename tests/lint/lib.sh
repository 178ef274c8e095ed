# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Shared by the lint scripts: TAP output, the files to look at, missing tools,
# the kernel's own checking scripts. Sourced from the repository root.

set -eu
export LC_ALL=C

cache=${KSHM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kshm}
number=0
failures=0

# verdict NAME COMPLAINTS: one result, passed when there are no complaints.
verdict()
{
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		failures=$((failures + 1))
		echo "not ok $number - $1"
		printf '%s\n' "$2" | sed "s,$PWD/,,g; s/^/# /"
	fi
}

# quiet NAME COMMAND...: passed when the command prints nothing and exits 0.
quiet()
{
	name=$1
	shift
	if complaints=$("$@" 2>&1); then
		verdict "$name" "$complaints"
	else
		verdict "$name" "exit status $?
$complaints"
	fi
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

# give_up REASON: what the script needs cannot be had; that is a failure.
give_up()
{
	verdict "set-up" "$1"
	finish
}

finish()
{
	echo "1..$number"
	[ "$number" -gt 0 ] && [ "$failures" -eq 0 ]
	exit
}

# Files of the project: those in git and those not yet added to it.
files()
{
	if [ -e .git ]; then
		need git git
		git -c safe.directory='*' ls-files --cached --others --exclude-standard
	else
		find . -path ./build -prune -o -type f -print | sed 's,^\./,,'
	fi | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done | sort
}

shell_files()
{
	files | while read -r file; do
		case $file in
		*.sh)	echo "$file" ;;
		*.*)	;;
		*)	head -n 1 "$file" | grep -q '^#! */bin/sh' && echo "$file" ;;
		esac || :
	done
}

apt()
{
	DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >&2
}

# install PACKAGE: there is no other way for a lint script to change the machine.
install()
{
	[ "$(id -u)" -eq 0 ] || give_up "missing, and only root can: apt-get install $1"
	apt install --no-install-recommends "$1" ||
		{ apt update && apt install --no-install-recommends "$1"; } ||
		give_up "$1 cannot be installed"
}

# need COMMAND PACKAGE: install the package where the command is missing.
need()
{
	command -v "$1" >/dev/null || install "$2"
}

# The newest linux-source package that apt knows.
newest_source()
{
	apt-cache pkgnames linux-source- | grep '^linux-source-[0-9.]*$' |
		sort -V | tail -n 1
}

# Set $kernel to the part of the newest Debian kernel source that the checking
# scripts need, unpacked once into the cache. Newer kernels have some scripts in
# tools/docs and tools/lib.
kernel_scripts()
{
	# perl-base, which is always there, lacks what they use.
	perl -MPod::Usage -MTerm::ANSIColor -e 1 2>/dev/null || install perl
	need xz xz-utils
	package=$(newest_source)
	if [ -z "$package" ] && [ "$(id -u)" -eq 0 ]; then
		apt update
		package=$(newest_source)
	fi
	[ -n "$package" ] || give_up "apt knows no linux-source package"
	version=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Version: //p')
	kernel=$cache/scripts/$package-$version
	[ ! -d "$kernel" ] || return 0

	mkdir -p "$cache/scripts"
	part=$(mktemp -d "$cache/scripts/part.XXXXXX")
	(
		cd "$part"
		apt download -o APT::Sandbox::User=root "$package=$version"
		mkdir tree
		dpkg-deb --fsys-tarfile ./*.deb |
			tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
			xz -dc |
			tar -xC tree --strip-components=1 \
				--wildcards --no-wildcards-match-slash \
				'*/scripts' '*/include' '*/tools/[dl]*'
	) || give_up "cannot unpack $package"
	[ -d "$kernel" ] || mv "$part/tree" "$kernel"
	rm -rf "$part"
}
