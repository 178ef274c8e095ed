# SPDX-License-Identifier: GPL-2.0-only
# Random sequences of calls, guided by the code that they reach, for FUZZ_SECONDS, by default
# one minute. See tests/fuzz. The machine's limit ends it.
# machine: fuzz
# expect-log: buffers=: |no [0-9]+ contiguous bytes|(no )?reservation "|kshm[0-9]+: "|.* invalid for parameter|unknown parameter
# kernels: kasan
# limit: 1000000
set -eu
. ./lib/guest.sh

# Most of the time goes to waiting for RCU and to lockdep; other tests look at these.
setting /sys/kernel/rcu_expedited 1
setting /proc/sys/kernel/prove_locking 0

# tests/fuzz/reproduce brings inputs of its own
if [ -e fuzz/replay-01 ]; then
	run fuzz/calls replay fuzz/replay-*
	finish
fi

at_exit "rm -rf /tmp/corpus /tmp/new /mnt/fuzz"
tar -x -f fuzz/corpus.tar -C /tmp
mkdir -p /tmp/new/corpus
run fuzz/calls run "$(word fuzz_seconds)" "$(word fuzz_calls)" /tmp/corpus /tmp/new/corpus
tar -cz -C /tmp/new corpus | base64 | sed 's/^/@corpus /'
finish
