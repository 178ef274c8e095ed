# SPDX-License-Identifier: GPL-2.0-only
# A thousand rounds of load, use and unload lose no memory.
# It leaves memory that other tests cannot migrate, so it has a machine of its own. KASAN keeps
# back what is freed, so that counting says nothing there; faultinj/calls asks kmemleak.
# machine: single
# expect-log: buffers=:
# kernels: [0-9]*
# default-kernels: none
# limit: 1800
set -eu
. ./lib/guest.sh

# Waiting for RCU is most of the time that loading takes.
setting /sys/kernel/rcu_expedited 1
run lifetime/reload-leak
finish
