# SPDX-License-Identifier: GPL-2.0-only
# Pages with a memory error.
# machine: hwpoison
# expect-log: no [0-9]+ contiguous bytes|[0-9]+ bytes at 0x[0-9a-f]+ have a memory error and are not used again
# kernels: 6.12 7.* kasan*
# default-kernels: 6.12 newest
set -eu
. ./lib/guest.sh
. ./lib/memory.sh

if ! insert hwpoison-inject; then
	skip "memory errors" "this kernel has no hwpoison-inject"
	finish
fi
load buffers=none
log_mark
run alloc/hwpoison
# two blocks and a page
is "the log names what is not used again" \
	"$(log_since | sed -n 's/.*kshm: \([0-9]*\) bytes at .* memory error.*/\1/p' | tr '\n' ' ')" \
	"2097152 2097152 4096 "
unload
remove hwpoison-inject
finish
