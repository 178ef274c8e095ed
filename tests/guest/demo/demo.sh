# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the demo shows; runs in the guest.
# log: kshm0: "Hello, kernel!
n=0
failed=0

step() {
	printf '\n%s\n' "$*"
}

# try COMMAND: show it and what it prints
try() {
	echo "  \$ $*"
	sh -c "$*" >/tmp/out 2>&1
	status=$?
	sed 's/^/    /' /tmp/out
	result "$* succeeds" [ $status = 0 ]
}

# result TEXT COMMAND...
result() {
	n=$((n + 1))
	text=$1
	shift
	if "$@"; then
		echo "ok $n - $text"
	else
		echo "not ok $n - $text"
		failed=1
	fi
}

message="Hello, kernel! It is $(date -u '+%H:%M:%S') in here."

step "Load the module. It takes memory that is contiguous and zeroed, 1 MiB of it, and
is asked to log the first bytes when it is unloaded:"
try "insmod kshm.ko buffers=1M log_at_unload=64"
try "ls -l /dev/kshm0"

step "What sysfs tells of the buffer:"
try "cd /sys/class/kshm/kshm0 && grep . phys_addr size name backing folio_size node cache"

step "A program maps the buffer and writes a text into it:"
try "./write /dev/kshm0 '$message'"

step "Another program maps it and reads the text back:"
try "./read /dev/kshm0"
result "the other program reads it" grep -qxF "$message" /tmp/out

step "No mapping is needed, reading the device is enough:"
try "dd if=/dev/kshm0 bs=${#message} count=1 2>/dev/null && echo"
result "dd reads it" grep -qxF "$message" /tmp/out

step "Unload the module. The kernel finds the text where the program put it:"
try "rmmod kshm"
try "dmesg | grep 'kshm: kshm0: '"
result "the kernel logs it" grep -qF "kshm: kshm0: \"$message\"" /tmp/out

step "The device is gone:"
result "the device is gone" [ ! -e /dev/kshm0 ]
echo "  \$ ls /dev/kshm0"
ls /dev/kshm0 >/tmp/out 2>&1
sed 's/^/    /' /tmp/out
echo "1..$n"
exit $failed
