# SPDX-License-Identifier: GPL-2.0-only
# Everything at once, for a while: RACE_SECONDS, two minutes unless said.
# guest: race
# kernels: kasan kcsan
# limit: 2400
set -eu
. ./lib.sh

seconds=$(sed -n 's/.*race_seconds=\([0-9]*\).*/\1/p' /proc/cmdline)
load buffers=none
run /t/race "${seconds:-120}" /mnt
unload
finish
