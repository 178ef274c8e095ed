# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Build the module with clang, and run its static analyzer. Debian's headers only work with
# gcc, so this prepares a source tree with LLVM=1 and the configuration of the stock kernel.

# clang_root: a root with clang and what it needs for kernels and fuzzers. Sets $root.
clang_root() {
	debian_root trixie-clang trixie clang libclang-rt-19-dev lld llvm make ccache flex bison bc \
		libelf-dev libssl-dev perl
}

# The source without directories whose C files the build does not need.
unpack_source() {
	cd "$work" && apt-get -q download "$package" || return
	dpkg-deb --fsys-tarfile ./*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' | xz -dc |
		tar -x --strip-components=1 --wildcards \
			--exclude='*/Documentation/*/*' --exclude='*/tools/testing/*' \
			--exclude='*/drivers/*.[chS]' --exclude='*/sound/*.[chS]' \
			--exclude='*/net/*.[chS]' --exclude='*/fs/*.[chS]' || return
	rm ./*.deb
}

prepare_source() {
	cp "$kernel/root/usr/src/linux-headers-$release/.config" \
		"$kernel/root/usr/src/linux-headers-$release/Module.symvers" "$work/" || return
	# shellcheck disable=SC2016 # for the other shell
	in_root "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ sh -eu -c '
		cd "$1"
		scripts/config -d DEBUG_INFO_BTF -d MODULE_SIG -d SYSTEM_TRUSTED_KEYRING
		make -s LLVM=1 olddefconfig
		make -s -j2 LLVM=1 modules_prepare
	' sh "${work#"$root"}"
}

make_clang_tree() {
	[ "$(cat "$root/usr/src/kshm-clang/stamp" 2>/dev/null)" != "$wanted" ] || return 0
	work=$root/usr/src/kshm-clang.new
	rm -rf "$work" "$root/usr/src/kshm-clang"
	mkdir "$work"
	quietly "fetch $package for clang" unpack_source || return 1
	quietly "prepare $package for clang" prepare_source || return 1
	echo "$wanted" >"$work/stamp"
	mv "$work" "$root/usr/src/kshm-clang"
}

# not_analyzed LOG: source files that kbuild did not give to the analyzer.
not_analyzed() {
	(cd "$module_tree/src" && echo *.c mm/*.c compat/*.c) | tr ' ' '\n' |
		while read -r file; do
			grep -qE "^  CHECK +(.*/)?$file\$" "$1" || echo "$file"
		done
}

# clang_build NAME: build for the fetched kernel's configuration into build/NAME-clang, where
# build.log has the analyzer's reports too. Fails on any report.
clang_build() {
	apt_root trixie
	package=linux-source-$1
	wanted="$package $(apt-cache show --no-all-versions "$package" | sed -n 's/^Version: //p') for $(cat "$kernel/version")"
	clang_root || return 1
	locked clang-tree make_clang_tree || return 1
	# kbuild's own CHECKFLAGS are for sparse; of.c is compiled on kernels without a device tree, too
	build_in "$root" /usr/src/kshm-clang "$build/$1-clang" LLVM=1 C=2 CHECKFLAGS= \
		CONFIG_OF_RESERVED_MEM=y \
		CHECK='clang --analyze --analyzer-output text' || return 1
	missed=$(not_analyzed "$build/$1-clang/build.log")
	[ -z "$missed" ] || {
		printf 'not analyzed:\n%s\n' "$missed" >>"$build/$1-clang/build.log"
		return 1
	}
}
