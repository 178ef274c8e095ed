# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # shared by the sourced files
# A part that has passed is not run again within a day while nothing that goes into it has
# changed. Sourced by tests/guest/job.
#
# KSHM_AGAIN  when not empty: run it all the same

# What goes into the packages and their tests, as a number: all of the project but tests of
# other things; of the functional tests lib.sh is used. What Debian has is asked once a day
# anyway.
packaging_inputs() {
	{
		tar -c -C "$top" --sort=name --mtime=@0 --owner=0 --group=0 --exclude=./.git \
			--exclude=./build --exclude='./tests/functional/[!l]*' \
			--exclude='./tests/guest/broken*' --exclude='./tests/guest/selftest*' \
			--exclude=./tests/guest/coverage.sh --exclude=./tests/guest/fuzz.sh \
			--exclude=./tests/fuzz --exclude=./tests/bench --exclude=./tests/lint .
		qemu-system-x86_64 --version
	} | sha256sum | cut -c1-40
}

# unless_passed PART COMMAND...: what it prints, or what it printed when it passed. Its
# status; one that breaks off has not passed, whatever it printed before.
unless_passed() {
	passed=$cache/passed/$1-$(packaging_inputs)
	shift
	if [ -z "${KSHM_AGAIN-}" ] && younger "$passed"; then
		cat "$passed"
		echo "# nothing of this has changed since it passed, $(date -r "$passed" '+%F %H:%M')"
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
