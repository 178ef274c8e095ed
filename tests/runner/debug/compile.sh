# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Compile the kernels that find faults from Debian's linux-source packages. A change of this
# file compiles all of them anew.

debug_packages="make flex bison bc libelf-dev libssl-dev openssl perl ccache kmod rsync cpio"

# The source without what no such kernel compiles.
unpack_debug_source() {
	rm -rf "$tree.new"
	mkdir "$tree.new"
	cd "$tree.new" && apt-get -q download "$debug_source" || return
	dpkg-deb --fsys-tarfile ./*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' | xz -dc |
		tar -x --strip-components=1 --wildcards --exclude='*/Documentation/*/*' \
			--exclude='*/tools/testing/*' --exclude='*/drivers/gpu/*.[chS]' \
			--exclude='*/drivers/net/*/*.[chS]' --exclude='*/drivers/media/*.[chS]' \
			--exclude='*/drivers/staging/*.[chS]' --exclude='*/sound/*.[chS]' || return
	rm ./*.deb
	rm -rf "$tree"
	mv "$tree.new" "$tree"
}

# in_tree COMMAND...: run it in the root, in the source tree. What was compiled before is
# taken from ccache; so every compilation must see the same paths, host and times.
in_tree() {
	# shellcheck disable=SC2016 # for the other shell
	in_root "$root" env -i PATH=/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		CCACHE_DIR=/var/cache/ccache CCACHE_COMPILERCHECK=content CCACHE_DEPEND=1 \
		KBUILD_BUILD_TIMESTAMP='2000-01-01 00:00:00 UTC' KBUILD_BUILD_USER=kshm \
		KBUILD_BUILD_HOST=kshm sh -euc 'cd "$0" && exec "$@"' "${tree#"$root"}" "$@"
}

# What the configuration is to have.
debug_fragments() {
	for part in $debug_parts; do
		cat "$top/tests/runner/debug/$part.config" || return
	done
}

# missing_options FILE: what the fragment wants and the configuration has not.
missing_options() {
	# shellcheck disable=SC2016 # awk's
	awk -F= '
		NR == FNR { have[$1] = $2; next }
		/^CONFIG_/ && (($2 == "n") ? ($1 in have) : have[$1] != $2) { print }
	' "$tree/$name-build/.config" "$1"
}

# save_headers FOLDER: what modules are built with: Makefiles, headers and scripts of the
# source, and then what was made from them. 6.1 has no script for this.
save_headers() {
	mkdir -p "$1"
	(cd "$tree" && cp -R --parents Makefile include scripts arch/x86/Makefile* arch/x86/include "$1") &&
		(cd "$out" && cp -R --parents .config Module.symvers include scripts arch/x86/include \
			tools/objtool/objtool "$1")
}

compile_debug_kernel() {
	out=$tree/$name-build
	mkdir -p "$out"
	debug_fragments >"$out/wanted.config"
	# To watch each access of each file doubles the time to compile. The whole module is
	# watched; of the kernel, what keeps pointers to the module's objects. make sets obj.
	watched='fs/% io_uring/% kernel/% lib/% mm/% drivers/base/%'
	apart='fs/ext4/ fs/jbd2/ kernel/entry/ mm/kasan/'
	set -- make -s -j "$(nproc)" O="$name-build" "CC=ccache $debug_compiler" \
		"HOSTCC=$debug_compiler" KCSAN_SANITIZE=n UBSAN_SANITIZE=n \
		"KASAN_SANITIZE=\$(if \$(filter $watched,\$(filter-out $apart,\$(obj)/)),y,n)"
	in_tree "$@" KCONFIG_ALLCONFIG="${out#"$root"}/wanted.config" allnoconfig || return
	missing=$(missing_options "$out/wanted.config")
	[ -z "$missing" ] || {
		echo "options that this source does not have so: $missing"
		return 1
	}
	in_tree "$@" bzImage modules || return
	new=$kernel.new
	rm -rf "$new"
	release=$(cat "$out/include/config/kernel.release")
	save_headers "$new/root/usr/src/linux-headers-$release" || return
	in_tree "$@" INSTALL_MOD_PATH="${out#"$root"}/installed" modules_install || return
	mkdir -p "$new/root/lib"
	cp -R "$out/installed/lib/modules" "$new/root/lib/"
	cp "$out/arch/x86/boot/bzImage" "$new/vmlinuz"
	echo "$release" >"$new/release"
	echo "$debug_suite" >"$new/suite"
	echo "$debug_compiler" >"$new/compiler"
	echo perl >"$new/tools"
	rm -rf "$out"
}

# What the kernel is made with, as a number. Comments do not count.
debug_recipe() {
	{
		echo "$debug_source $debug_suite $debug_compiler"
		debug_fragments
		cat "$top/tests/runner/debug/compile.sh"
	} | grep -v '^[[:space:]]*#' | md5sum | cut -c1-32
}

fetch_debug_kernel() {
	name=$1
	is_debug_kernel "$name"
	recipe=$(debug_recipe)
	have=$(cat "$kernel/version" 2>/dev/null) || :
	# whether Debian has another source is asked once a day
	if fresh "$kernel/stamp" && [ "${have#* }" = "$recipe" ]; then
		return 0
	fi
	apt_root "$debug_suite"
	version=$(apt-cache show --no-all-versions "$debug_source" | sed -n 's/^Version: //p')
	if [ "$have" != "$version $recipe" ]; then
		# shellcheck disable=SC2086 # a list of package names
		debian_root "$debug_suite-kernel" "$debug_suite" $debug_compiler $debug_packages || return 1
		locked debug-tree compile_debug || return 1
		echo "$version $recipe" >"$kernel.new/version"
		rm -rf "$kernel"
		mv "$kernel.new" "$kernel"
	fi
	touch "$kernel/stamp"
}

# One at a time: each uses all processors.
compile_debug() {
	tree=$root/usr/src/$debug_source
	[ "$(cat "$tree/kshm-version" 2>/dev/null)" = "$version" ] || {
		quietly "unpack $debug_source" unpack_debug_source || return 1
		echo "$version" >"$tree/kshm-version"
	}
	quietly "compile the kernel $name" compile_debug_kernel
}
