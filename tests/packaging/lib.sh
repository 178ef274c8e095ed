# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Results, and copies of Debian roots to throw away. Sourced after tests/guest/all.sh by
# tests/packaging/run, which gives each part a mount namespace of its own.

# must TEXT COMMAND...: one result; when it is bad, nothing of this part can go on. What
# the command prints goes to $log, and is shown when it fails; $log also has the seconds
# since the start.
must() {
	text=$1
	shift
	printf '\n== [%3d s] %s: %s\n' "$(($(date +%s) - started))" "$text" "$*" >>"$log"
	if "$@" >"$log.now" 2>&1 </dev/null; then
		result="ok"
	else
		sed 's/^/# /' "$log.now" | tail -n 40
		result="not ok"
	fi
	cat "$log.now" >>"$log"
	echo "$result - packaging/$part: $text"
	[ "$result" = ok ]
}

# check TEXT COMMAND...: one result; what comes after it does not depend on it.
check() {
	must "$@" || :
}

# is TEXT GOT WANT
is() {
	check "$1" same "$2" "$3"
}

same() {
	[ "$1" = "$2" ] || {
		printf "got  '%s'\nwant '%s'\n" "$1" "$2"
		return 1
	}
}

# said TEXT PATTERN: what the last command that was checked printed has it.
said() {
	cp "$log.now" "$log.before"
	check "$1" grep -E -e "$2" "$log.before"
	cp "$log.before" "$log.now"
}

# fresh NAME: a copy of $root that may be changed, which $root then is. It is gone when
# the mount namespace is.
fresh() {
	rm -rf --one-file-system "${work:?}/$1"
	mkdir -p "$work/$1/upper" "$work/$1/work" "$work/$1/root"
	mount -t overlay overlay "$work/$1/root" \
		-o "lowerdir=$root,upperdir=$work/$1/upper,workdir=$work/$1/work" || return
	root=$work/$1/root
	mount -t proc proc "$root/proc"
}

# inside COMMAND...: run it in $root.
inside() {
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

# archives: what apt in $root downloads is kept from run to run. apt locks it, so each part
# has its own.
archives() {
	mkdir -p "$cache/archives/$part-$suite/partial"
	mount --bind "$cache/archives/$part-$suite" "$root/var/cache/apt/archives"
}

# quick_apt: let apt in $root use the machine's lists, proxies and what was downloaded
# before, ask nothing, and not wait for the disk.
quick_apt() {
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	cp -a "$apt/var/lib/apt/lists" "$root/var/lib/apt/"
	cat - "$apt/acquire.conf" >"$root/etc/apt/apt.conf.d/90kshm-tests" <<-'END'
		APT::Get::Assume-Yes "true";
		APT::Keep-Downloaded-Packages "true";
		Binary::apt::APT::Keep-Downloaded-Packages "true";
		DPkg::Options:: "--force-unsafe-io";
	END
	archives
	rm -f "$root"/var/cache/apt/archives/kshm*
}
