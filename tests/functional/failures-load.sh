# SPDX-License-Identifier: GPL-2.0-only
# Every allocation fails once when the module is loaded, with a buffer of each kind, and
# when it is unloaded.
# guest: failures
# log: kshm[0-9]+: "|buffers=: |no [0-9]+ contiguous bytes
# kernels: kasan
# limit: 900
set -eu
. ./lib.sh

forget_leaks
run /t/failures load buffers=none \
	"buffers=6M,x:12K,y:8K@0x30000000,z:64K restrict_phys_addr=1 log_at_unload=64"
nothing_leaked
finish
