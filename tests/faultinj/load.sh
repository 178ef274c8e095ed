# SPDX-License-Identifier: GPL-2.0-only
# Each allocation fails once while the module is loaded, with a buffer of each kind, and
# unloaded.
# machine: failures
# expect-log: kshm[0-9]+: "|buffers=: |no [0-9]+ contiguous bytes
# kernels: kasan kasan-7.3
# default-kernels: none
# limit: 900
set -eu
. ./lib/guest.sh

# Most of the time goes to waiting for RCU.
setting /sys/kernel/rcu_expedited 1
restore_at_exit /sys/kernel/debug/failslab/* /sys/kernel/debug/fail_page_alloc/* \
	/sys/kernel/debug/fail_usercopy/*

forget_leaks
run faultinj/inject load buffers=none \
	"buffers=6M,x:12K,y:8K@$(at 0),z:64K restrict_phys_addr=1 log_at_unload=64"
nothing_leaked
finish
