# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Build the module in a root.

# The tree whose src/ is built.
module_tree=$top

# Modules that use it, in tests.
client_sources="$top/tests/kapi/client $top/tests/dmabuf/importer"

# The source files of the module, and of those that use it.
module_sources() {
	# shellcheck disable=SC2086 # a list of folders
	find "$module_tree/src" $client_sources -type f \
		\( -name '*.[chS]' -o -name Kbuild -o -name '*.kbuild' \) | LC_ALL=C sort
}

# warnings LOG: its warnings but one, of a compiler or pahole with another patch level.
warnings() {
	grep -iE 'warning|error' "$1" | grep -v 'differs from the one used to build the kernel'
}

# in_root ROOT COMMAND...: run it there with /proc, which objtool needs, in a mount namespace
# of its own.
in_root() {
	# shellcheck disable=SC2016 # for the other shell
	unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$@"
}

# in_work COMMAND...: run it in the root $chroot with $work at /kshm. What was compiled before is
# taken from ccache, so every compilation must see the same paths.
in_work() {
	mkdir -p "$chroot/kshm"
	# shellcheck disable=SC2016 # for the other shell
	unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount --bind "$2" "$1/kshm" &&
		chroot=$1 && shift 2 && exec chroot "$chroot" env -i "$@"' sh "$chroot" "$work" \
		PATH=/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		CCACHE_DIR=/var/cache/ccache CCACHE_COMPILERCHECK=content "$@"
}

# build_clients: build modules that use kshm, in the root beside it; put them into OUT/clients,
# unless $no_clients says that no test wants them.
build_clients() {
	rm -rf "$out/clients"
	mkdir "$out/clients"
	[ -z "${no_clients-}" ] || return 0
	for client in "$module_tree/src/samples" $client_sources; do
		copy=$work/client-$(basename "$client")
		cp -R "$client" "$copy"
		in_work make -j 2 -C "$kdir" M="$inside/${copy##*/}" KSHM="$inside" W=1 "$@" modules \
			>>"$out/build.log" 2>&1 </dev/null || return
		for module in "$copy"/*.ko; do
			# the kernel may lack what it needs
			[ -e "$module" ] || continue
			in_work "$gnu_cpu-linux-gnu-strip" --strip-debug \
				"$inside/${copy##*/}/${module##*/}" || return
			cp "$module" "$out/clients/"
		done
	done
}

# build_in ROOT KDIR OUT MAKEARGS...: build a copy of src/ in the root; put kshm.ko, modules that
# use it, and build.log into OUT. Fails on any warning.
build_in() {
	(
		chroot=$1 kdir=$2 out=$3
		shift 3
		work=$(mktemp -d "$chroot/tmp/kshm.XXXXXX")
		trap 'rm -rf "$work"' EXIT
		cp -R "$module_tree/src/." "$work"
		rm -rf "$out/kshm.ko"
		mkdir -p "$out"
		inside=/kshm
		in_work make -j 2 -C "$kdir" M="$inside" W=1 "$@" modules \
			>"$out/build.log" 2>&1 </dev/null || {
			sed -i "s,$inside/,,g" "$out/build.log"
			exit 1
		}
		sed -i "s,$inside/,,g" "$out/build.log"
		# as dkms does
		in_work "$gnu_cpu-linux-gnu-strip" --strip-debug "$inside/kshm.ko" || exit
		cp "$work/kshm.ko" "$out/kshm.ko"
		# for gcov
		rm -rf "$out/gcno"
		mkdir "$out/gcno"
		(cd "$work" && find . -name '*.gcno' -exec cp --parents {} "$out/gcno" \;)
		echo "$inside" >"$out/place"
		build_clients "$@" || exit
		! warnings "$out/build.log" >/dev/null
	)
}

# module_build NAME: build/NAME/kshm.ko for a fetched kernel in its root, unless the same
# sources were built before.
module_build() {
	out=$build/$1
	mkdir -p "$out"
	# shellcheck disable=SC2046 # a list of files
	key=$(cat "$kernel/version" $(module_sources) | sha256sum)
	[ -e "$out/kshm.ko" ] && [ "$(cat "$out/key" 2>/dev/null)" = "$key" ] && return
	rm -f "$out/key"
	# shellcheck disable=SC2046 # a list of words
	build_in "$root" "/usr/src/linux-headers-$release" "$out" $(build_args "$1") || return 1
	echo "$key" >"$out/key"
}
