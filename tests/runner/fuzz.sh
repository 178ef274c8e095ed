# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Results of the fuzzers. New inputs that reach more of the module than those of
# tests/fuzz/corpus are saved in build/fuzz/corpus, those after which a guest failed in
# build/logs.

# save_corpus DIR: the inputs that a guest sent.
save_corpus() {
	grep -q '^@corpus' "$1/results" || return 0
	mkdir -p "$build/fuzz"
	sed -n 's/^@corpus //p' "$1/results" | tr -d '\r' | base64 -d | tar -xz -C "$build/fuzz"
}

# save_inputs DIR NAME: the last inputs of a guest that failed.
save_inputs() {
	[ -e "$1/last" ] || return 0
	mkdir -p "$build/logs/$2.inputs"
	"$build/programs/fuzz/calls" extract "$1/last" "$build/logs/$2.inputs" &&
		echo "# $2: the last input is $build/logs/$2.inputs/last-00"
}

# replay FILE...: run these inputs in this order in a guest with the kernel kasan, with the
# module and the programs of $build. Changes $build.
replay() {
	mkdir -p "$build/replay/programs/fuzz" "$build/replay/programs/tools"
	rm -f "$build/replay/programs/fuzz"/replay-*
	ln -sfn "$build/kasan" "$build/replay/kasan"
	cp "$build/programs/fuzz/calls" "$build/replay/programs/fuzz/"
	cp "$build/programs/tools/modctl" "$build/replay/programs/tools/"
	build=$build/replay
	n=0
	for input; do
		n=$((n + 1))
		cp "$input" "$build/programs/fuzz/replay-$(printf %02d $n)"
	done
	run_guest kasan fuzz fuzz/calls
}

# fuzzer WORK NAME FILE.c...: compile WORK/NAME with clang, which has a fuzzer and sanitizers
# for programs. Options of the caller are in $options.
fuzzer() {
	inside=${1#"$root"}
	name=$2
	shift 2
	# shellcheck disable=SC2016,SC2086 # for the other shell; a list of options
	in_root "$root" sh -euc 'cd "$1" && shift && exec "$@"' sh "$inside" \
		clang -g -O1 -Wall -Wextra -Werror -Wno-unused-parameter $options \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
		-Dfuzz_one=LLVMFuzzerTestOneInput -o "$name" "$@"
}

# As in the kernel, signs may differ.
build_fuzz_params() {
	work=$1
	mkdir -p "$work/linux" "$work/mm" &&
		cp "$top"/tests/fuzz/params/* "$top/src/spec.c" "$top/src/spec.h" \
			"$top/src/param.c" "$top/src/param.h" "$top/src/device.h" "$work/" &&
		cp "$top/src/mm/memory.h" "$work/mm/" &&
		cp -R "$top/src/include/uapi" "$work/" || return
	# shim.h replaces the kernel's headers
	for header in ctype device kernel list log2 minmax mm mm_types nodemask numa string; do
		: >"$work/linux/$header.h"
	done
	options='-Wno-gcc-compat -Wno-sign-compare -include shim.h -I.'
	fuzzer "$work" params spec.c param.c params.c
}

build_fuzz_kshmctl() {
	work=$1
	cp "$top"/tests/fuzz/kshmctl/* "$top"/src/kshmctl/*.h "$top"/src/kshmctl/saved.c \
		"$top"/src/kshmctl/config.c "$top"/src/kshmctl/util.c "$work/" || return
	options=
	fuzzer "$work" kshmctl parsers.c saved.c config.c util.c
}

# fuzz_parser NAME SECONDS INPUTS TITLE: for FUZZ_SECONDS, if that is set
fuzz_parser() {
	clang_root || return 1
	name=$1
	out=$build/fuzz/$name
	mkdir -p "$out"
	work=$(mktemp -d "$root/tmp/kshm.XXXXXX")
	status=0
	# shellcheck disable=SC2016 # for the other shell
	"build_fuzz_$name" "$work" >"$out/log" 2>&1 &&
		in_root "$root" sh -euc 'cd "$1" && mkdir corpus && exec "./$2" -dict=dict \
			-max_len=4096 -timeout=10 -max_total_time="$3" -print_final_stats=1 corpus' \
			sh "${work#"$root"}" "$name" "${FUZZ_SECONDS:-$2}" >>"$out/log" 2>&1 || status=$?
	grep -aE '^stat::number_of_executed_units|DONE.*cov' "$out/log" | sed 's/^/# /'
	cp "$work"/crash-* "$work"/timeout-* "$work"/oom-* "$out/" 2>/dev/null || :
	rm -rf "$work"
	report "fuzz-$name: $4" "$out/log" $status
	executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/log")
	check "fuzz-$name: ${executed:-0} inputs, at least $3" [ "${executed:-0}" -ge "$3" ]
}
