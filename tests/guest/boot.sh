# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Boot a guest in QEMU and judge it.

# The processor has all that QEMU knows, so that SMAP and SMEP catch careless use of
# addresses, but for what is slow when emulated: a fifth level of page tables, and string
# instructions by the byte. And without cmpxchg16b, which QEMU 7.2 emulates so that some
# kernels die of it early.
#
# start_guest DIR APPEND: run QEMU with what is in DIR (initrd) and the profile's machine;
# console.log and results come to be there, and seconds: from start to the token. Passes
# the lines of the second serial port on as they come. Where firmware starts the kernel from
# a disk, the function $firmware gets the kernel's command line; what is read from the file
# $keys is typed.
start_guest() {
	guest=$1
	token=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	rm -f "$guest/console.log" "$guest/results" "$guest/seconds"
	echo "$token" >"$guest/token"
	command_line="console=ttyS0 panic=-1 oops=panic log_buf_len=4M kshm_token=$token $2 $append"
	if [ -n "$firmware" ]; then
		"$firmware" "$command_line" || return
		set --
	else
		set -- -kernel "$kernel/vmlinuz" -initrd "$guest/initrd" -append "$command_line"
	fi
	begin=$(date +%s%N)
	{
		status=0
		# shellcheck disable=SC2086 # lists of words
		timeout --foreground -k 10 "$limit" qemu-system-x86_64 \
			-accel tcg -cpu max,la57=off,-erms,-cx16 -m "$memory" \
			-smp "$cpus,sockets=$cpus,cores=1,threads=1" \
			-nodefaults -no-user-config -display none -no-reboot \
			-serial "file:$guest/console.log" \
			-chardev stdio,id=results,signal=off -serial chardev:results \
			$disks $machine "$@" <"${keys:-/dev/null}" 2>"$guest/qemu.log" || status=$?
		echo $status >"$guest/status"
	} |
		while IFS= read -r line; do
			printf '%s\n' "$line"
			case $line in
			"@token $token"*)
				echo $((($(date +%s%N) - begin) / 100000000)) |
					sed 's/.$/.&/; s/^\./0./' >"$guest/seconds"
				;;
			esac
		done >"$guest/results"
}

# judge_guest DIR NAME TESTS: TAP lines without numbers. Fails when a line is "not ok";
# the console's log is then kept in build/logs.
judge_guest() {
	awk -f "$top/tests/guest/results.awk" -v guest="$2" -v list="$3" \
		-v token="$(cat "$1/token")" "$1/results" >"$1/tap"
	if [ -e "$1/seconds" ]; then
		echo "ok - $2/token: $(cat "$1/seconds") s from start to token" >>"$1/tap"
	elif [ "$(cat "$1/status")" = 124 ]; then
		echo "not ok - $2/token: the guest hangs, stopped after $limit s" >>"$1/tap"
	else
		echo "not ok - $2/token: the guest stopped without it" >>"$1/tap"
	fi
	if tr -d '\r\0' <"$1/console.log" | awk -f "$top/tests/guest/foreign-races.awk" |
		grep -a -n -E -f "$top/tests/guest/bad-lines" >"$1/complaints"; then
		sed "s,^,# $2: console line ," "$1/complaints" | head -n 20 >>"$1/tap"
		echo "not ok - $2/console: the kernel's log complains" >>"$1/tap"
	fi
	if grep -q '^not ok' "$1/tap"; then
		kept=$build/logs/$(printf %s "$2" | tr / -)
		mkdir -p "$build/logs"
		tr -d '\r' <"$1/console.log" >"$kept.console.log"
		tr -d '\r' <"$1/results" >"$kept.results.log"
		echo "# $2: see $kept.console.log and $kept.results.log" >>"$1/tap"
		cat "$1/qemu.log" >>"$kept.console.log"
	fi
	cat "$1/tap"
	! grep -q '^not ok' "$1/tap"
}

# test_limit FILE: seconds that a test may take, 300 unless it says "# limit: N". What
# watches every access is slower.
test_limit() {
	limit_line=$(sed -n 's/^# limit: *//p' "$1" 2>/dev/null)
	if is_debug_kernel "$guest_kernel"; then
		echo $((${limit_line:-300} * 3))
	else
		echo "${limit_line:-300}"
	fi
}

# run_guest NAME PROFILE TEST...: boot the fetched kernel with build/NAME/kshm.ko and run
# tests from $tests (default tests/functional). Prints TAP lines without numbers.
run_guest() {
	guest_kernel=$1
	kind=$2
	shift 2
	dir=$build/guests/$guest_kernel-$kind
	profile "$kind"
	debug_profile "$guest_kernel"
	from=${tests:-$top/tests/functional}
	rm -rf "$dir"
	mkdir -p "$dir/tree/t/udev"
	cp "$top/tests/guest/init" "$dir/tree/init"
	chmod 755 "$dir/tree/init"
	cp "$top/tests/guest/run-tests" "$top/tests/guest/bad-lines" \
		"$top/tests/guest/foreign-races.awk" "$dir/tree/t/"
	cp "$top"/udev/* "$dir/tree/t/udev/"
	[ ! -e "$from/lib.sh" ] || cp "$from/lib.sh" "$dir/tree/t/"
	[ ! -e "$build/$guest_kernel/kshm.ko" ] || cp "$build/$guest_kernel/kshm.ko" "$dir/tree/t/"
	for test; do
		[ ! -e "$from/$test.sh" ] || cp "$from/$test.sh" "$dir/tree/t/"
		echo "$test $(test_limit "$from/$test.sh")"
	done >"$dir/tree/t/list"
	[ ! -d "$build/programs" ] || cp "$build"/programs/* "$dir/tree/t/"
	test_disk
	disks="-drive file=$image,format=raw,if=virtio,snapshot=on"
	if [ -n "$disk" ]; then
		root_disk "$disk" || return 1
		disks="$disks -drive file=$image,format=raw,if=virtio,snapshot=on"
		touch "$dir/tree/t/disk"
	fi
	initramfs "$dir/tree" "$dir/initrd"
	# Emulation without KVM races with the kernel's patching of its own code and a guest
	# in a hundred dies of it in boot. That is before any test and before kshm.
	for try in 1 2 3; do
		start_guest "$dir" "kshm_kernel=$guest_kernel $(debug_append "$guest_kernel")" || :
		if grep -q '^@begin' "$dir/results" || [ "$(cat "$dir/status")" = 124 ]; then
			break
		fi
		cp "$dir/console.log" "$dir/console.$try.log"
		echo "# $guest_kernel/$kind: stopped before the first test, try $try of 3, see $dir/console.$try.log"
	done
	save_coverage "$dir"
	save_corpus "$dir"
	judge_guest "$dir" "$guest_kernel/$kind" "$*" || {
		save_inputs "$dir" "$guest_kernel-$kind"
		return 1
	}
}
