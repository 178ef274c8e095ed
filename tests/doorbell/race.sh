# SPDX-License-Identifier: GPL-2.0-only
# No ring is lost, however close it comes to the moment at which somebody begins to wait; and a
# thousand waiters are woken.
# machine: basic
# default-kernels: newest
set -eu
. ./lib/guest.sh

load buffers=64K
run doorbell/race /dev/kshm0
run doorbell/crowd /dev/kshm0
unload
finish
