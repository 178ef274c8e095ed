# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Prove that the tests find faults: each broken/NAME.diff breaks the module in one way and
# says which test on which kernel and guest must find it, and by which words.

broken_names() {
	for diff in "$top"/tests/guest/broken/*.diff; do
		diff=${diff##*/}
		echo "${diff%.diff}"
	done
}

# broken_says NAME FIELD
broken_says() {
	sed -n "s/^$2: //p" "$top/tests/guest/broken/$1.diff"
}

# broken_build NAME: the broken module, in $build of its own.
broken_build() {
	module_tree=$build/source
	rm -rf "$module_tree"
	mkdir -p "$module_tree"
	cp -R "$top/src" "$module_tree/"
	patch -s -p1 -d "$module_tree" <"$top/tests/guest/broken/$1.diff" &&
		module_build "$broken_kernel"
}

# broken NAME: with its kernel, which was fetched.
broken() {
	broken_kernel=$(broken_says "$1" Kernel)
	expected=$(broken_says "$1" Expect)
	programs=$build/programs
	build=$build/broken/$1
	mkdir -p "$build"
	ln -sfn "$programs" "$build/programs"
	broken_build "$1" >"$build/log" 2>&1 || {
		sed 's/^/# /' "$build/log"
		echo "not ok - broken/$1: the broken module is built"
		return
	}
	# for the profile; the fuzzer ends as soon as it has found something
	RACE_SECONDS=15 FUZZ_SECONDS=180
	kind=$(broken_says "$1" Guest)
	run_guest "$broken_kernel" "$kind" "$(broken_says "$1" Test)" >"$build/tap" || :
	broken_verdict "$1" "$(sed -n 2p "$top/tests/guest/broken/$1.diff") Found."
	[ "$kind" != fuzz ] || {
		mkdir -p "$build/replay"
		# which then is $build
		replay "$build/logs/$broken_kernel-fuzz.inputs/last-00" >"$build/replay/tap" || :
		broken_verdict "$1" "its last input alone does it, from a file"
	}
}

# broken_verdict NAME TEXT: whether the guest of $build failed, and by what is expected.
broken_verdict() {
	cat "$build/tap" "$build/guests/$broken_kernel-$kind/console.log" | grep -aE "$expected" |
		head -n 1 >"$build/found"
	if grep -q '^not ok' "$build/tap" && [ -s "$build/found" ]; then
		tr -d '\r' <"$build/found" | sed 's/^/# found: /'
		echo "ok - broken/$1: $2"
	else
		tail -n 30 "$build/tap" | sed 's/^/# /'
		echo "not ok - broken/$1: $2 Expected: '$expected'"
	fi
}
