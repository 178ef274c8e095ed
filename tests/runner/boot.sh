# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # shared by the sourced files
# Boot a guest in QEMU and evaluate its results.

# start_guest DIR APPEND: boot DIR/initrd on the chosen machine. Leaves in DIR console.log,
# results (the lines of the second serial port) and seconds (from start to token). Where
# firmware starts the kernel from a disk, the function $firmware gets the kernel's command
# line; QEMU reads key presses from the file $keys.
start_guest() {
	guest=$1
	token=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	rm -f "$guest/console.log" "$guest/results" "$guest/seconds"
	echo "$token" >"$guest/token"
	command_line="console=$console_port panic=-1 oops=panic log_buf_len=4M $boot_options kshm_token=$token"
	command_line="$command_line kshm_results=$results_port kshm_ram=$ram_phys kshm_reserved=$reserved_phys kshm_seed=${KSHM_SEED:-1} $2 $append"
	tree_args=
	[ -z "$reserved" ] || {
		command_line="$command_line $reserve_memory"
		[ -z "$reserve_tree" ] || tree_args="-dtb $guest/machine.dtb"
		[ -z "$tree_args" ] || "$reserve_tree" "$guest/machine.dtb" || return
	}
	[ -z "$nodes" ] || {
		add_to_tree "$nodes" "$guest/machine.dtb" || return
		tree_args="-dtb $guest/machine.dtb"
	}
	if [ -n "$firmware" ]; then
		"$firmware" "$command_line" || return
		set --
	else
		set -- -kernel "$kernel/vmlinuz" -initrd "$guest/initrd" -append "$command_line"
	fi
	no_reboot=-no-reboot
	[ -z "$reboot" ] || no_reboot=
	monitor_args=
	[ -z "$monitor" ] || monitor_args=$(monitor_options "$guest")
	begin=$(date +%s%N)
	{
		status=0
		# shellcheck disable=SC2086 # lists of words
		timeout --foreground -k 10 "$limit" "$qemu" \
			$qemu_machine -accel "$accel" -cpu "$cpu" -m "$memory" \
			-smp "$cpus,sockets=$cpus,cores=1,threads=1" \
			-nodefaults -no-user-config -display none $no_reboot \
			-serial "file:$guest/console.log" \
			-chardev stdio,id=results,signal=off $results_device \
			$tree_args $disks $devices $monitor_args "$@" <"${keys:-/dev/null}" 2>"$guest/qemu.log" || status=$?
		echo $status >"$guest/status"
	} | {
		[ -z "$monitor" ] || monitor_open "$guest"
		while IFS= read -r line; do
			case $line in
			"@qmp "*)
				[ -z "$monitor" ] || monitor_send "${line#@qmp }"
				continue
				;;
			"@token $token"*)
				echo $((($(date +%s%N) - begin) / 100000000)) |
					sed 's/.$/.&/; s/^\./0./' >"$guest/seconds"
				;;
			esac
			printf '%s\n' "$line"
		done
		[ -z "$monitor" ] || monitor_close
	} >"$guest/results"
}

# evaluate_guest DIR NAME TESTS: print TAP lines. Fails when one is "not ok", and then keeps
# the console's log in build/logs.
evaluate_guest() {
	awk -f "$top/tests/runner/results.awk" -v guest="$2" -v list="$3" \
		-v token="$(cat "$1/token")" "$1/results" >"$1/tap"
	if [ -e "$1/seconds" ]; then
		ok "$2/token: $(cat "$1/seconds") s from start to token" >>"$1/tap"
	elif [ "$(cat "$1/status")" = 124 ]; then
		not_ok "$2/token: the guest hangs, stopped after $limit s" >>"$1/tap"
	else
		not_ok "$2/token: the guest stopped without it" >>"$1/tap"
	fi
	if tr -d '\r\0' <"$1/console.log" | awk -f "$top/tests/runner/drop-foreign-kcsan.awk" |
		grep -a -n -E -f "$top/tests/runner/dmesg-errors" >"$1/complaints"; then
		not_ok "$2/console: the kernel's log has no error" >>"$1/tap"
		{
			sed 's/^/console line /; 1q' "$1/complaints"
			awk -f "$top/tests/runner/traces.awk" "$1/console.log"
			sed '1d; s/^/console line /' "$1/complaints"
		} | sed "s,^,# $2: ," | head -n 20 >>"$1/tap"
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

# shuffled TEST...: in this order, or in another one with KSHM_SHUFFLE=SEED.
shuffled() {
	if [ -n "${KSHM_SHUFFLE-}" ]; then
		printf '%s\n' "$@" | awk -v seed="$KSHM_SHUFFLE" \
			'BEGIN { srand(seed) } { print rand(), $0 }' | sort -n | cut -d' ' -f2
	else
		printf '%s\n' "$@"
	fi
}

# test_limit FILE: seconds that a test may take. Debug kernels are slow.
test_limit() {
	limit_line=$(sed -n 's/^# limit: *//p' "$1" 2>/dev/null)
	if is_debug_kernel "$guest_kernel"; then
		echo $((${limit_line:-300} * 3))
	else
		echo "${limit_line:-300}"
	fi
}

# run_guest NAME MACHINE TEST...: as run_one_guest; a machine that has a peer gets a second
# guest at the same time.
run_guest() {
	choose_machine "$2"
	[ -n "$peer" ] || {
		run_one_guest "$@"
		return
	}
	mkdir -p "$build/guests"
	rm -f "$build/guests/$1-pair.shared"
	peer_tap=$build/guests/$1-$peer.tap
	(
		first=$1
		shift 2
		run_one_guest "$first" "$peer" "$@"
	) >"$peer_tap" &
	peer_pid=$!
	peer_status=0
	(run_one_guest "$@") || peer_status=$?
	wait "$peer_pid" || peer_status=$?
	cat "$peer_tap"
	return $peer_status
}

# run_one_guest NAME MACHINE TEST...: boot the fetched kernel with build/NAME/kshm.ko and run
# tests from $tests (default tests/). Prints TAP lines.
run_one_guest() {
	guest_kernel=$1
	kind=$2
	shift 2
	dir=$build/guests/$guest_kernel-$kind
	choose_machine "$kind"
	debug_machine "$guest_kernel"
	from=${tests:-$top/tests}
	rm -rf "$dir"
	mkdir -p "$dir/tree/t/udev" "$dir/tree/t/lib"
	cp "$top/tests/runner/init" "$dir/tree/init"
	chmod 755 "$dir/tree/init"
	cp "$top/tests/runner/run-tests" "$top/tests/runner/guest-state.sh" \
		"$top/tests/runner/dmesg-errors" \
		"$top/tests/runner/drop-foreign-kcsan.awk" "$dir/tree/t/"
	cp "$top"/udev/* "$dir/tree/t/udev/"
	cp "$top"/tests/lib/*.sh "$dir/tree/t/lib/"
	[ ! -e "$build/$guest_kernel/kshm.ko" ] ||
		cp -R "$build/$guest_kernel/kshm.ko" "$build/$guest_kernel/clients" "$dir/tree/t/"
	for test in $(shuffled "$@"); do
		mkdir -p "$dir/tree/t/${test%"${test##*/}"}"
		[ ! -e "$from/$test.sh" ] || cp "$from/$test.sh" "$dir/tree/t/$test.sh"
		echo "$test $(test_limit "$from/$test.sh")"
	done >"$dir/tree/t/list"
	for module in $modules; do
		unpack_modules "$dir/tree" "t/modules/$module" "$module" 2>/dev/null
	done
	[ ! -d "$(programs_dir)" ] || cp -R "$(programs_dir)/." "$dir/tree/t/"
	[ -z "$extra" ] || "$extra" "$dir/tree" || return 1
	test_disk
	disks="-drive file=$image,format=raw,if=virtio,snapshot=on"
	if [ -n "$disk" ]; then
		root_disk "$disk" || return 1
		disks="$disks -drive file=$image,format=raw,if=virtio,snapshot=on"
		touch "$dir/tree/t/disk"
	fi
	initramfs "$dir/tree" "$dir/initrd"
	# TCG races with the kernel's patching of its own code: one of a hundred guests dies
	# of it during boot, before any test and before kshm is loaded. On a busy host one may
	# lose a disk's interrupt and hang there; as that takes long it is tried only twice.
	for try in 1 2 3; do
		start_guest "$dir" "kshm_kernel=$guest_kernel $(debug_append "$guest_kernel")" || :
		! grep -q '^@begin' "$dir/results" || break
		[ "$(cat "$dir/status")" != 124 ] || [ $try = 1 ] || break
		cp "$dir/console.log" "$dir/console.$try.log"
		echo "# $guest_kernel/$kind: stopped before the first test, try $try of 3, see $dir/console.$try.log"
	done
	save_coverage "$dir"
	save_corpus "$dir"
	evaluate_guest "$dir" "$guest_kernel/$kind" "$*" || {
		save_inputs "$dir" "$guest_kernel-$kind"
		return 1
	}
}
