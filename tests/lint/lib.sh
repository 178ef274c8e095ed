# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Shared by the lint scripts: the files to look at, missing tools, the kernel's own checking
# scripts. Sourced from the root of the source tree; sources ktap.sh and packages/lib.sh.

# shellcheck source=packages/lib.sh
. packages/lib.sh
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

export LC_ALL=C
cache=${KSHM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kshm}
echo "KTAP version 1"

# verdict TITLE COMPLAINTS: passes when there are no complaints.
verdict() {
	if [ -z "$2" ]; then
		ok "$1"
	else
		not_ok "$1"
		diag "$2" | sed "s,$PWD/,,g"
	fi
}

# quiet TITLE COMMAND...: passes when the command prints nothing and exits 0.
quiet() {
	name=$1
	shift
	if complaints=$("$@" 2>&1); then
		verdict "$name" "$complaints"
	else
		verdict "$name" "exit status $?
$complaints"
	fi
}

# passed_before NAME WORD...: whether the check NAME has passed with the same input, which standard
# input and the words are, on this machine. Sets $seen for passed_now. Not with KSHM_AGAIN.
passed_before() {
	seen_dir=$cache/lint/$1
	shift
	seen=$seen_dir/$({ echo "$*" && cat; } | sha256sum | cut -c1-40)
	[ -z "${KSHM_AGAIN-}" ] && [ -e "$seen" ] && touch "$seen"
}

# passed_now: remember it, for some weeks
passed_now() {
	mkdir -p "$seen_dir"
	touch "$seen"
	find "$seen_dir" -mtime +30 -delete
}

# give_up REASON: what the script needs is missing; that is a failure.
give_up() {
	verdict "set-up" "$1"
	finish
}

files() {
	ensure git git
	project_files
}

shell_files() {
	files | while read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*.*) ;;
		*) head -n 1 "$file" | grep -q '^#! */bin/sh' && echo "$file" ;;
		esac || :
	done
}

apt() {
	DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >&2
}

# install PACKAGE: the only change of the machine that a lint script makes.
install() {
	[ "$(id -u)" -eq 0 ] || give_up "missing, and only root can: apt-get install $1"
	apt install --no-install-recommends "$1" ||
		{ apt update && apt install --no-install-recommends "$1"; } ||
		give_up "apt-get install $1 fails"
}

# ensure COMMAND PACKAGE: install the package where the command is missing.
ensure() {
	command -v "$1" >/dev/null || install "$2"
}

# The newest linux-source package that apt knows.
newest_source() {
	apt-cache pkgnames linux-source- | grep '^linux-source-[0-9.]*$' |
		sort -V | tail -n 1
}

# Set $kernel to the part of the newest Debian kernel source that the checking
# scripts need, unpacked once into the cache. Newer kernels have some scripts in
# tools/docs and tools/lib.
kernel_scripts() {
	# perl-base, which is always there, lacks what they use.
	perl -MPod::Usage -MTerm::ANSIColor -e 1 2>/dev/null || install perl
	ensure xz xz-utils
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
