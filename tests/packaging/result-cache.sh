# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # shared by the sourced files
# The results of a part that passed are used for a day while its inputs do not change. Sourced
# by tests/runner/task.
#
# KSHM_AGAIN  when not empty: run it again

# packaging_inputs: a hash of all that goes into the packages and their tests: the project but
# for other tests. What Debian offers is asked once a day anyway.
packaging_inputs() {
	{
		tar -c -C "$top" --sort=name --mtime=@0 --owner=0 --group=0 \
			--exclude=./.git --exclude=./build --exclude=./tests \
			--exclude='./runner/selftest*' --exclude=./runner/mutants.sh \
			--exclude=./runner/coverage.sh --exclude=./runner/fuzz.sh \
			. -C tests ./lib ./runner ./packaging
		"$qemu" --version
	} | sha256sum | cut -c1-40
}

# unless_passed PART COMMAND...: run it, or print its cached output. Returns its status; a part
# that ends early has not passed, whatever it printed.
unless_passed() {
	passed=$cache/passed/$1-$(packaging_inputs)
	shift
	if [ -z "${KSHM_AGAIN-}" ] && fresh "$passed"; then
		cat "$passed"
		echo "# cached: its inputs have not changed since it passed, $(date -r "$passed" '+%F %H:%M')"
		return
	fi
	mkdir -p "$cache/passed"
	find "$cache/passed" -mmin +1440 -delete
	rm -f "$passed"
	part_status=0
	"$@" >"$passed.$$" || part_status=$?
	cat "$passed.$$"
	if [ $part_status = 0 ] && grep -q '^ok' "$passed.$$" && ! grep -q '^not ok' "$passed.$$"; then
		mv "$passed.$$" "$passed"
	else
		rm "$passed.$$"
	fi
	return $part_status
}
