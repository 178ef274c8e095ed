# SPDX-License-Identifier: GPL-2.0-only
# Each allocation, and each copy from or to a program, fails once, for everything that a
# program can ask of the loaded module. 6.1 cannot limit the failures to the module.
# machine: carveout
# expect-log: no [0-9]+ contiguous bytes
# kernels: kasan kasan-7.3
# default-kernels: kasan
# limit: 900
set -eu
. ./lib/guest.sh

# Most of the time goes to waiting for RCU.
setting /sys/kernel/rcu_expedited 1
restore_at_exit /sys/kernel/debug/failslab/* /sys/kernel/debug/fail_page_alloc/* \
	/sys/kernel/debug/fail_usercopy/*

# Buffers of all sizes only where there is time, see make stress.
sizes=
[ -z "$(word rounds)" ] || sizes=all
for calls in calls carveout-calls; do
	forget_leaks
	load buffers=none
	insmod clients/kshm_client.ko
	# shellcheck disable=SC2086 # one word or none
	run faultinj/inject $calls $sizes
	rmmod kshm_client
	unload
	nothing_leaked
done
finish
