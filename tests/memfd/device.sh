# SPDX-License-Identifier: GPL-2.0-only
# A contiguous memfd does all that an open device does: the tests of devices pass on it.
# machine: basic
set -eu
. ./lib/guest.sh

# on SIZE PROGRAM: run it on a memfd
on() {
	size=$1
	shift
	subtest "$1 on a memfd of $size bytes" with-memfd "$size" "$@" @
}

load buffers=64K
for size in 65536 4194304; do
	on "$size" mmap/basic
	on "$size" mmap/share
	on "$size" file/rw
	on "$size" file/poll
	on "$size" gup/zerocopy
done
on 65536 file/uring
on 65536 doorbell/basic
on 65536 doorbell/basic-32
on 65536 doorbell/eventfd
on 4194304 mmap/hugepage
unload
finish
