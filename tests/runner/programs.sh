# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Compile the test programs into build/programs.

# programs_dir: for the chosen architecture
programs_dir() {
	if [ "$deb_arch" = "$host_arch" ]; then
		echo "$build/programs"
	else
		echo "$build/programs-$deb_arch"
	fi
}

foreign_libraries='libc6 libsmartcols1 libsmartcols-dev liburing-dev libibverbs-dev libnl-3-dev
	libnl-route-3-dev'

# Unpack the libraries of the chosen architecture into $libraries.
fetch_libraries() {
	[ "$(cat "$libraries/packages" 2>/dev/null)" != "$foreign_libraries" ] || return 0
	rm -rf "$libraries.new"
	apt_root "$host_suite" "$deb_arch"
	# shellcheck disable=SC2086 # a list of package names
	quietly "fetch libraries for $deb_arch" unpack_packages "$libraries.new" \
		$foreign_libraries || return
	# where /lib is no link to usr/lib
	[ -L "$libraries.new/root/lib" ] || cp -a "$libraries.new/root/lib" "$libraries.new/root/usr/"
	echo "$foreign_libraries" >"$libraries.new/packages"
	rm -rf "$libraries"
	mv "$libraries.new" "$libraries"
}

# Those of another architecture are compiled in a root, as Debian's compilers of 32-bit programs
# of one cannot be installed beside those of the other.
compile_foreign_programs() {
	# shellcheck disable=SC2046 # a list of package names
	debian_root "programs-$deb_arch" "$host_suite" make "gcc-$gnu_cpu-linux-gnu" \
		"libc6-dev-$deb_arch-cross" $(compilers_32) || return
	libraries=$cache/libraries/$host_suite-$deb_arch
	(locked "libraries-$deb_arch" fetch_libraries) || return
	work=$(mktemp -d "$root/tmp/kshm.XXXXXX")
	(cd "$top" && cp -R --parents tests doc/examples src/include src/samples src/kshmctl \
		src/version.h "$work")
	cp -R "$libraries/root/usr" "$work/libraries"
	inside=${work#"$root"}
	status=0
	in_root "$root" env -i PATH=/usr/bin:/bin make -s -j "$(nproc)" -C "$inside" \
		-f tests/runner/programs.mk OUT="$inside/out" ARCH="$deb_arch" \
		LIBRARIES="$inside/libraries" RESERVED="$reserved_phys" RAM="$(kernel_phys)" \
		-k >"$out.log" 2>&1 || status=$?
	cp -R "$work/out/." "$out/"
	rm -rf "$work"
	return $status
}

compile_programs() {
	out=$(programs_dir)
	mkdir -p "$out"
	[ "$deb_arch" = "$host_arch" ] || {
		compile_foreign_programs
		return
	}
	make -s -j "$(nproc)" -C "$top" -f tests/runner/programs.mk OUT="$out" ARCH="$deb_arch" \
		RESERVED="$reserved_phys" RAM="$(kernel_phys)" -k >"$out.log" 2>&1
}

programs() {
	mkdir -p "$build"
	(
		flock 9
		compile_programs 9>&-
	) 9>"$build/programs.lock"
}
