# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The examples of doc/examples for a guest. What needs no run-time system is compiled
# outside of it, in a root with the compilers, so that the guest's disk stays small.

# language_compile: the examples in Rust and Go, in $build/languages, static.
language_compile() {
	debian_root languages trixie rustc golang-go gcc libc6-dev || return
	out=$build/languages
	key=$(cat "$root/etc/kshm-packages" "$top/doc/examples/map.rs" \
		"$top/doc/examples/map.go" | sha256sum)
	[ "$(cat "$out/key" 2>/dev/null)" != "$key" ] || return 0
	rm -rf "$out"
	mkdir -p "$out"
	work=$(mktemp -d "$root/tmp/kshm.XXXXXX")
	cp "$top/doc/examples/map.rs" "$top/doc/examples/map.go" "$work/"
	status=0
	# shellcheck disable=SC2016 # for the other shell
	in_root "$root" env -i PATH=/usr/bin:/bin HOME="${work#"$root"}" CGO_ENABLED=0 \
		sh -euc 'cd "$HOME"; rustc -C target-feature=+crt-static -C strip=symbols -o map-rs map.rs
			go build -o map-go map.go' >"$out/log" 2>&1 || status=$?
	[ $status = 0 ] && cp "$work/map-rs" "$work/map-go" "$out/" && echo "$key" >"$out/key"
	rm -rf "$work"
	[ $status = 0 ] || {
		sed 's/^/# /' "$out/log"
		return 1
	}
}

# language_examples ROOT: all examples, for a guest that has the disk "languages".
language_examples() {
	(language_compile) || return
	mkdir -p "$1/t/examples"
	cp "$top"/doc/examples/map.* "$top/doc/examples/Map.java" "$build/languages/map-rs" \
		"$build/languages/map-go" "$1/t/examples/"
}
