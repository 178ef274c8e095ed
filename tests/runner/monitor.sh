# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # shared by the sourced files
# QEMU's monitor, for tests that change the guest's hardware. The guest writes a line
# "@qmp COMMAND" to the second serial port; COMMAND is JSON. It sees the effect in its
# hardware. All answers are in DIR/monitor.log, errors among the results, too.

# monitor_options DIR: make the pipes; prints options of QEMU.
monitor_options() {
	rm -f "$1/monitor.in" "$1/monitor.out"
	mkfifo "$1/monitor.in" "$1/monitor.out"
	echo "-chardev pipe,id=monitor,path=$1/monitor -mon chardev=monitor,mode=control"
}

# monitor_open DIR: file descriptor 4 is the monitor's input. Opening both pipes for reading
# and writing waits for nobody.
monitor_open() {
	exec 4<>"$1/monitor.in"
	sed -u -n -e "w $1/monitor.log" -e 's/^{"error"/# qmp: &/p' <>"$1/monitor.out" &
	monitor_reader=$!
	monitor_send '{"execute": "qmp_capabilities"}'
}

# monitor_send COMMAND
monitor_send() {
	printf '%s\n' "$1" >&4
}

monitor_close() {
	kill "$monitor_reader"
	exec 4>&-
}
