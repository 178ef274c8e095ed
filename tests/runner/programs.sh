# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Compile the test programs into build/programs.

compile_programs() {
	mkdir -p "$build/programs"
	make -s -j "$(nproc)" -C "$top" -f tests/runner/programs.mk OUT="$build/programs" -k >"$build/programs.log" 2>&1
}

programs() {
	mkdir -p "$build"
	(
		flock 9
		compile_programs 9>&-
	) 9>"$build/programs.lock"
}
