# SPDX-License-Identifier: GPL-2.0-only
# Every allocation, and every copy from or to a program, fails once: at all that a program
# can ask of the loaded module.
# guest: carveout
# log: no [0-9]+ contiguous bytes
# kernels: kasan
# limit: 900
set -eu
. ./lib.sh

for calls in calls carveout-calls; do
	forget_leaks
	load buffers=none
	run /t/failures $calls
	unload
	nothing_leaked
done
finish
