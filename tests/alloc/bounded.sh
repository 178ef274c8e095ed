# SPDX-License-Identifier: GPL-2.0-only
# Pinned pages: requests that fail only after long attempts end in time.
# machine: hotplug
# expect-log: no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh

load buffers=none
run alloc/bounded /mnt
unload
finish
