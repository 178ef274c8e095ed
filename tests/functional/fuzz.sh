# SPDX-License-Identifier: GPL-2.0-only
# Any sequence of calls, guided by which code they reach: FUZZ_SECONDS, one minute unless
# said. See tests/fuzz. How long it may take is the guest's limit.
# guest: fuzz
# log: buffers=: |no [0-9]+ contiguous bytes|kshm[0-9]+: "|.* invalid for parameter|unknown parameter
# kernels: kasan
# limit: 1000000
set -eu
. ./lib.sh

number() {
	sed -n "s/.*$1=\([0-9]*\).*/\1/p" /proc/cmdline
}

# What costs most of the time and other tests look at: waiting for other processors, the
# order of locks. (And leaks and objects: the guest is told so at its start.)
echo 1 > /sys/kernel/rcu_expedited
echo 0 > /proc/sys/kernel/prove_locking

# tests/fuzz/reproduce brings inputs of its own
if [ -e /t/replay-01 ]; then
	run /t/fuzz replay /t/replay-*
	finish
fi

tar -x -f corpus.tar -C /tmp
mkdir -p /tmp/new/corpus
run /t/fuzz run "$(number fuzz_seconds)" "$(number fuzz_calls)" /tmp/corpus /tmp/new/corpus
tar -cz -C /tmp/new corpus | base64 | sed 's/^/@corpus /'
finish
