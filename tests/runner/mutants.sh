# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Mutation test: each tests/mutants/NAME.diff breaks the module or kshmctl in one way and names
# the test, the kernel and the machine that must find it, and the line that shows it.

mutant_names() {
	for diff in "$top"/tests/mutants/*.diff; do
		diff=${diff##*/}
		echo "${diff%.diff}"
	done
}

# mutant_says NAME FIELD: the value in its header
mutant_says() {
	sed -n "s/^$2: //p" "$top/tests/mutants/$1.diff"
}

# mutant_build NAME: in a $build of its own.
mutant_build() {
	module_tree=$build/source
	rm -rf "$module_tree"
	mkdir -p "$module_tree"
	cp -R "$top/src" "$module_tree/"
	patch -s -p1 --fuzz=0 -d "$module_tree" <"$top/tests/mutants/$1.diff" &&
		module_build "$mutant_kernel" && mutant_programs "$1"
}

# mutant_programs NAME: those of $programs, kshmctl from the patched source if that is its own
mutant_programs() {
	rm -rf "$build/programs"
	if grep -q '^+++ b/src/kshmctl/' "$top/tests/mutants/$1.diff"; then
		cp -al "$programs" "$build/programs" && rm -r "$build/programs/kshmctl" &&
			make -s -C "$module_tree" -f "$top/tests/runner/programs.mk" \
				OUT="$build/programs" ARCH="$deb_arch" \
				"$build/programs/kshmctl/kshmctl"
	else
		ln -s "$programs" "$build/programs"
	fi
}

# mutant NAME: run its test on its kernel, which was fetched.
mutant() {
	mutant_kernel=$(mutant_says "$1" Kernel)
	expected=$(mutant_says "$1" Expect)
	programs=$build/programs
	build=$build/mutants/$1
	mkdir -p "$build"
	no_clients=yes
	case $(mutant_says "$1" Test) in
	kapi/* | faultinj/* | dmabuf/*) no_clients='' ;;
	esac
	mutant_build "$1" >"$build/log" 2>&1 || {
		not_ok "mutants/$1: it is built"
		diag_file "$build/log"
		return
	}
	# for the machine; the fuzzer ends at its first find
	RACE_SECONDS=15 FUZZ_SECONDS=900
	kind=$(mutant_says "$1" Machine)
	run_guest "$mutant_kernel" "$kind" "$(mutant_says "$1" Test)" >"$build/tap" || :
	mutant_verdict "$1" "$(sed -n 2p "$top/tests/mutants/$1.diff")"
	[ "$kind" != fuzz ] || {
		mkdir -p "$build/replay"
		# changes $build
		replay "$build/logs/$mutant_kernel-fuzz.inputs/last-00" >"$build/replay/tap" || :
		mutant_verdict "$1" "the last input alone, from a file, has the same result"
	}
}

# mutant_verdict NAME TITLE: the guest of $build must have failed with the expected line.
mutant_verdict() {
	# not the title of a result that passed
	cat "$build/tap" "$build/guests/$mutant_kernel-$kind/console.log" | grep -av '^ok ' |
		grep -aE "$expected" | head -n 1 >"$build/found"
	if grep -q '^not ok' "$build/tap" && [ -s "$build/found" ]; then
		ok "mutants/$1: $2"
		tr -d '\r' <"$build/found" | sed 's/^/# found: /'
	else
		not_ok "mutants/$1: $2"
		diag "expected: '$expected'"
		diag_file "$build/tap"
	fi
}
