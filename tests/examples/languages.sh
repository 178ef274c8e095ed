# SPDX-License-Identifier: GPL-2.0-only
# The examples of doc/examples in Python, also with numpy, Rust, Go, Java and JavaScript do what
# they say; on a contiguous memfd they need no length.
# machine: languages
# default-kernels: none
# limit: 600
set -eu
. ./lib/guest.sh

cd examples

# example TEXT COMMAND...: the device's end has the text and its output is right
example() {
	text=$1
	shift
	dd if=/dev/zero of=/dev/kshm0 bs=4096 count=16 conv=notrunc 2>/dev/null
	status=0
	begin=$(date +%s)
	"$@" /dev/kshm0 >/tmp/out 2>/tmp/err || status=$?
	diag "$1: $(($(date +%s) - begin)) s"
	is "$1: exit status" $status 0
	[ $status = 0 ] || diag "$(cat /tmp/err)"
	is "$1: its text is at the beginning" "$(head -c ${#text} /dev/kshm0)" "$text"
	is "$1: its text is at the end" "$(tail -c ${#text} /dev/kshm0)" "$text"
	check "$1: output" grep -q '^/dev/kshm0: 65536 bytes.* written and read$' /tmp/out
}

# a processor that is emulated is slow to compile much
export JDK_JAVA_OPTIONS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData'

load buffers=64K
example 'hello from Python' python3 map.py
example 'hello from Rust' ./map-rs
example 'hello from Go' ./map-go
example 'hello from Node.js' node map.js
example 'hello from Java' java --enable-preview --source 21 \
	--enable-native-access=ALL-UNNAMED Map.java

is "array.py, with numpy" "$(python3 array.py /dev/kshm0 2>&1)" \
	"/dev/kshm0: 16384 samples from -246.14 to 253.36"

# whole TEXT COMMAND...: it maps all of a memfd, without being told its length
whole() {
	text=$1
	shift
	is "$1 on a memfd" "$(python3 alloc.py 65536 "$@" @ 2>/tmp/err)" "65536 bytes mapped: $text"
	diag "$(cat /tmp/err)"
}

is "alloc.py" "$(python3 alloc.py 65536 2>&1)" "65536 bytes mapped, written and read"
whole 'hello from Rust' ./whole-file-rs
whole 'hello from Go' ./whole-file-go
whole 'hello from Java' java WholeFile.java
rm /tmp/out /tmp/err
unload
finish
