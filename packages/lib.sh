# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034 # used by those who source it
# Shared by the scripts that make packages and by the tests. Sourced from the root of the
# source tree, or with $top set to it.
#
# KSHM_BUILD  where everything is made (default build/)

set -eu
top=${top:-$PWD}
build=${KSHM_BUILD:-$top/build}
case $build in
/*) ;;
*) build=$PWD/$build ;;
esac
version=$(sed -n 's/^#define KSHM_VERSION "\(.*\)"/\1/p' "$top/src/version.h")

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# need COMMAND PACKAGE
need() {
	command -v "$1" >/dev/null || die "$1 is missing: apt install $2"
}

# Names of the project's files: those in git and those not yet added, nothing that was made.
project_files() {
	(
		cd "$top"
		if [ -e .git ]; then
			git -c safe.directory='*' ls-files --cached --others --exclude-standard
		else
			find . -path ./build -prune -o ! -type d -print | sed 's,^\./,,'
		fi | while IFS= read -r file; do
			[ ! -e "$file" ] || printf '%s\n' "$file"
		done | LC_ALL=C sort
	)
}

# copy_project DIRECTORY
copy_project() {
	mkdir -p "$1"
	project_files | tar -c -C "$top" -T - | tar -x -C "$1"
}
