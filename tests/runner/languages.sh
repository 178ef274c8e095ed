# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# The examples of doc/examples for a guest. What needs no run-time system is compiled
# outside of it, in a root with the compilers, so that the guest's disk stays small.

# language_compile: the examples in Rust and Go, in $build/languages, static.
language_compile() {
	debian_root languages trixie rustc golang-go gcc libc6-dev cargo librust-memmap2-dev \
		golang-golang-x-exp-dev || return
	out=$build/languages
	key=$(cat "$root/etc/kshm-packages" "$top"/doc/examples/*.rs "$top"/doc/examples/*.go \
		"$top/tests/runner/languages.sh" | sha256sum)
	[ "$(cat "$out/key" 2>/dev/null)" != "$key" ] || return 0
	rm -rf "$out"
	mkdir -p "$out"
	work=$(mktemp -d "$root/tmp/kshm.XXXXXX")
	cp "$top"/doc/examples/*.rs "$top"/doc/examples/*.go "$work/"
	mkdir -p "$work/src" "$work/.cargo"
	mv "$work/whole_file.rs" "$work/src/main.rs"
	cat >"$work/Cargo.toml" <<-END
		[package]
		name = "whole_file"
		version = "0.0.0"
		edition = "2021"
		[dependencies]
		memmap2 = "*"
	END
	cat >"$work/.cargo/config.toml" <<-END
		[source.crates-io]
		replace-with = "debian"
		[source.debian]
		directory = "/usr/share/cargo/registry"
	END
	status=0
	# shellcheck disable=SC2016 # for the other shell
	in_root "$root" env -i PATH=/usr/bin:/bin HOME="${work#"$root"}" CGO_ENABLED=0 \
		sh -euc 'cd "$HOME"; rustc -C target-feature=+crt-static -C strip=symbols -o map-rs map.rs
			go build -o map-go map.go
			GO111MODULE=off GOPATH=/usr/share/gocode go build -o whole-file-go whole_file.go
			RUSTFLAGS="-C target-feature=+crt-static -C strip=symbols" cargo build --offline
			cp target/debug/whole_file whole-file-rs' >"$out/log" 2>&1 || status=$?
	[ $status = 0 ] && cp "$work"/map-rs "$work"/map-go "$work"/whole-file-* "$out/" &&
		echo "$key" >"$out/key"
	rm -rf "$work"
	[ $status = 0 ] || {
		sed 's/^/# /' "$out/log"
		return 1
	}
}

# language_examples ROOT: all examples, and the page of containers, for a guest that has the
# disk "languages".
language_examples() {
	(language_compile) || return
	mkdir -p "$1/t/examples"
	cp "$top"/doc/examples/*.py "$top"/doc/examples/*.js "$top"/doc/examples/*.java \
		"$build"/languages/*-rs "$build"/languages/*-go "$1/t/examples/"
	cp "$top/doc/access.md" "$1/t/"
}
