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

# Those of another architecture are compiled in a root, as Debian's compilers of 32-bit programs
# of one cannot be installed beside those of the other.
compile_foreign_programs() {
	# shellcheck disable=SC2046 # a list of package names
	debian_root "programs-$deb_arch" "$host_suite" make "gcc-$gnu_cpu-linux-gnu" \
		"libc6-dev-$deb_arch-cross" $(compilers_32) || return
	work=$(mktemp -d "$root/tmp/kshm.XXXXXX")
	(cd "$top" && cp -R --parents tests doc/examples src/include src/samples "$work")
	inside=${work#"$root"}
	status=0
	in_root "$root" env -i PATH=/usr/bin:/bin make -s -j "$(nproc)" -C "$inside" \
		-f tests/runner/programs.mk OUT="$inside/out" ARCH="$deb_arch" \
		RESERVED="$reserved_phys" RAM="$(kernel_phys)" -k >"$out.log" 2>&1 || status=$?
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
