# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Places, messages, locks and packages of this machine. Sourced, with $top set to the
# root of the source tree; sources ktap.sh and packages/lib.sh.
#
# KSHM_CACHE  downloads and roots, kept from run to run (default ~/.cache/kshm)
# KSHM_BUILD  what is made from this source tree (default build/ in it)

# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"

# shellcheck source=packages/lib.sh
. "$top/packages/lib.sh"

cache=${KSHM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kshm}
# what make was told, if it started this, is not for other makefiles
unset MAKEFLAGS MFLAGS MAKELEVEL
started=${started:-$(date +%s)}
export KSHM_CACHE="$cache" KSHM_BUILD="$build" started

# One line of progress, with the seconds since the command was started.
say() {
	printf '# [%3d s] %s\n' "$(($(date +%s) - started))" "$*" >&2
}

need_root() {
	[ "$(id -u)" = 0 ] || die "this needs root: run it with sudo"
	case $host_arch in
	amd64 | arm64) ;;
	*) die "this needs Debian 12 or later on amd64 or arm64" ;;
	esac
}

# quietly WHAT COMMAND...: run a long step with its output in a log; say now and then that it
# still runs, and show the end of the log when it fails.
quietly() {
	what=$1
	shift
	mkdir -p "$build/logs"
	log=$build/logs/$(printf %s "$what" | tr -c 'A-Za-z0-9.\n' -).log
	say "$what"
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	# a sleep that outlives this must not hold a pipe or the lock of the check
	( while sleep 20 >/dev/null 2>&1 8>&-; do say "$what: still running"; done ) 8>&- &
	ticker=$!
	status=0
	wait "$pid" || status=$?
	kill "$ticker" 2>/dev/null || :
	wait "$ticker" 2>/dev/null || :
	[ $status = 0 ] || {
		say "$what: failed; the end of $log:"
		tail -n 15 "$log" | sed 's/^/#   /' >&2
	}
	return $status
}

# locked NAME COMMAND...: one run at a time among all that share the cache.
locked() {
	mkdir -p "$cache/locks"
	(
		shift
		flock 9
		# a shell of its own, as dash would close the lock itself where locks are nested
		(
			exec 9>&-
			"$@"
		)
		exit $?
	) 9>"$cache/locks/$1"
}

# fresh FILE: written within the last day.
fresh() {
	[ -n "$(find "$1" -mmin -1440 2>/dev/null)" ]
}

# need_packages PACKAGE...: install what this machine lacks, upgrade nothing.
need_packages() {
	missing=
	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	[ -n "${lists_updated-}" ] || quietly "update the package lists" apt-get -q update ||
		say "using the package lists that are here"
	lists_updated=yes
	# shellcheck disable=SC2086 # a list of package names
	DEBIAN_FRONTEND=noninteractive quietly "install$missing" \
		apt-get -qy --no-install-recommends --no-upgrade install $missing ||
		die "could not install$missing"
}
