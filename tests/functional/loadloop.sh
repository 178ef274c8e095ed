# SPDX-License-Identifier: GPL-2.0-only
# A thousand times loaded, used and unloaded, and not a byte lost.
# It leaves memory that other tests could not move, so it has a guest of its own. KASAN keeps
# back what is freed, so that counting says nothing there; kmemleak does, in failures. It
# takes minutes.
# guest: alone
# log: buffers=:
# kernels: 5.10 6.1 6.12 7.2 7.3
# plain: 5.10
# limit: 600
set -eu
. ./lib.sh

echo 1 > /sys/kernel/rcu_expedited
run /t/loadloop
finish
