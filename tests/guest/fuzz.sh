# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# What comes of the fuzzers. New inputs that reached more of the module than those of
# tests/fuzz/corpus come to be in build/fuzz/corpus, those after which a guest failed in
# build/logs.

# save_corpus DIR: what a guest told.
save_corpus() {
	grep -q '^@corpus' "$1/results" || return 0
	mkdir -p "$build/fuzz"
	sed -n 's/^@corpus //p' "$1/results" | tr -d '\r' | base64 -d | tar -xz -C "$build/fuzz"
}

# save_inputs DIR NAME: the last inputs of a guest that failed.
save_inputs() {
	[ -e "$1/last" ] || return 0
	mkdir -p "$build/logs/$2.inputs"
	"$build/programs/fuzz" extract "$1/last" "$build/logs/$2.inputs" &&
		echo "# $2: the last input is $build/logs/$2.inputs/last-00"
}

# replay FILE...: these inputs in a guest with the kernel kasan, in this order, with the module
# and the programs of $build, which then is another one.
replay() {
	mkdir -p "$build/replay/programs"
	rm -f "$build/replay/programs"/replay-*
	ln -sfn "$build/kasan" "$build/replay/kasan"
	cp "$build/programs/fuzz" "$build/programs/modctl" "$build/replay/programs/"
	build=$build/replay
	n=0
	for input; do
		n=$((n + 1))
		cp "$input" "$build/programs/replay-$(printf %02d $n)"
	done
	run_guest kasan fuzz fuzz
}

# The parser is compiled with clang, which has a fuzzer and sanitizers for programs.
build_fuzz_params() {
	work=$1
	mkdir -p "$work/linux" &&
		cp "$top"/tests/fuzz/params/* "$top/src/param.c" "$top/src/kshm.h" "$work/" &&
		cp -R "$top/src/include/uapi" "$work/" || return
	# what the kernel's headers would say is in shim.h
	for header in atomic ctype fs kernel kref mm numa string; do
		: >"$work/linux/$header.h"
	done
	in_root "$root" clang -g -O1 -Wall -Wextra -Werror -Wno-gcc-compat \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
		-Dfuzz_one=LLVMFuzzerTestOneInput \
		-include "${work#"$root"}/shim.h" -I"${work#"$root"}" \
		-o "${work#"$root"}/params" "${work#"$root"}/param.c" "${work#"$root"}/params.c"
}

# fuzz_params: for FUZZ_SECONDS, 60 unless said.
fuzz_params() {
	debian_root trixie-fuzz trixie clang libclang-rt-19-dev || return 1
	out=$build/fuzz/params
	mkdir -p "$out"
	work=$(mktemp -d "$root/tmp/kshm.XXXXXX")
	status=0
	# shellcheck disable=SC2016 # for the other shell
	build_fuzz_params "$work" >"$out/log" 2>&1 &&
		in_root "$root" sh -euc 'cd "$1" && mkdir corpus && exec ./params -dict=dict \
			-max_len=4096 -timeout=10 -max_total_time="$2" -print_final_stats=1 corpus' \
			sh "${work#"$root"}" "${FUZZ_SECONDS:-60}" >>"$out/log" 2>&1 || status=$?
	grep -aE '^stat::number_of_executed_units|DONE.*cov' "$out/log" | sed 's/^/# /'
	cp "$work"/crash-* "$work"/timeout-* "$work"/oom-* "$out/" 2>/dev/null || :
	rm -rf "$work"
	report "fuzz-params: the parser of buffers= agrees with another" "$out/log" $status
	executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/log")
	if [ "${executed:-0}" -ge 10000 ]; then
		echo "ok - fuzz-params: $executed inputs"
	else
		echo "not ok - fuzz-params: ${executed:-no} inputs"
	fi
}
