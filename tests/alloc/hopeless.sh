# SPDX-License-Identifier: GPL-2.0-only
# A request for more than the machine has hurts nobody.
# machine: hotplug
# expect-log: no [0-9]+ contiguous bytes
set -eu
. ./lib/guest.sh

load buffers=none
run alloc/hopeless
unload
finish
