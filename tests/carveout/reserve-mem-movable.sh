# SPDX-License-Identifier: GPL-2.0-only
# A reservation in ZONE_MOVABLE is refused: a long-term pin would migrate its pages.
# machine: reserve-mem-movable
# kernels: 6.12 7.* kasan kasan-7.3
# default-kernels: newest
# expect-log: (no )?reservation "|buffers=:
set -eu
. ./lib/guest.sh

check "there is a ZONE_MOVABLE" grep -q 'zone *Movable' /proc/zoneinfo
log_mark
refused "a reservation in ZONE_MOVABLE" EINVAL buffers=64K/reserve_mem=high
is "the log says what to do" "$(log_since | grep -c '"high" is in ZONE_MOVABLE; remove movablecore=')" 1
finish
