# SPDX-License-Identifier: GPL-2.0-only
# Every allocation, and every copy from or to a program, fails once.
# guest: carveout
# kernels: kasan
# limit: 1800
set -eu
. ./lib.sh

leaks=/sys/kernel/debug/kmemleak

# what was not freed and nothing points to, twice as it takes a while to tell
leaked() {
	sleep 6
	echo scan > $leaks
	sleep 6
	echo scan > $leaks
	cat $leaks
}

echo clear > $leaks
run /t/failures load buffers=none buffers=6M,x:12K,y:8K@0x30000000
load buffers=none
run /t/failures calls
unload
found=$(leaked)
is "nothing leaked" "$found" ""
finish
