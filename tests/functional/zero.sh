# SPDX-License-Identifier: GPL-2.0-only
# Buffers are zeroed when made, where the kernel itself does not zero memory.
# guest: dirty
# plain: 5.10 7.3 kasan
set -eu
. ./lib.sh

check "the kernel does not zero memory when it is allocated" \
	grep -qw init_on_alloc=0 /proc/cmdline
# What the kernel keeps for itself cannot be written over.
echo 4096 > /proc/sys/vm/min_free_kbytes
run /t/zero
finish
