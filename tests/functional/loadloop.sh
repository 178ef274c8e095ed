# SPDX-License-Identifier: GPL-2.0-only
# A thousand times loaded, used and unloaded, and not a byte lost.
# guest: basic
# limit: 600
set -eu
. ./lib.sh

echo 1 > /sys/kernel/rcu_expedited
run /t/loadloop
finish
