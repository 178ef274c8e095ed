# SPDX-License-Identifier: GPL-2.0-only
# What the demo shows; runs in the guest.
# expect-log: kshm0: "Hello, kernel!
set -eu
# shellcheck source=tests/lib/ktap.sh
. ./lib/ktap.sh

step() {
	printf '\n%s\n' "$*"
}

# try COMMAND: show it and what it prints
try() {
	echo "  \$ $*"
	status=0
	sh -c "$*" >/tmp/out 2>&1 || status=$?
	sed 's/^/    /' /tmp/out
	is "exit status of $*" $status 0
}

at_exit "rm -f /tmp/out"
message="Hello, kernel! It is $(date -u '+%H:%M:%S') in here."

step "Load the module. It allocates 1 MiB of memory, contiguous and zeroed, and is asked to
log the first bytes when it is unloaded:"
try "insmod kshm.ko buffers=1M log_at_unload=64"
try "ls -l /dev/kshm0"

step "sysfs describes the buffer:"
try "cd /sys/class/kshm/kshm0 && grep . phys_addr size name backing folio_size node cache"

step "A program maps the buffer and writes a text into it:"
try "./write /dev/kshm0 '$message'"

step "Another program maps it and reads the text:"
try "./read /dev/kshm0"
check "the other program reads the text" grep -qxF "$message" /tmp/out

step "Reading the device works without a mapping:"
try "dd if=/dev/kshm0 bs=${#message} count=1 2>/dev/null && echo"
check "dd reads the text" grep -qxF "$message" /tmp/out

step "Unload the module. The kernel logs the text that the program wrote:"
try "rmmod kshm"
try "dmesg | grep 'kshm: kshm0: '"
check "the kernel logs the text" grep -qF "kshm: kshm0: \"$message\"" /tmp/out

step "The device is gone:"
try "! ls /dev/kshm0"
finish
