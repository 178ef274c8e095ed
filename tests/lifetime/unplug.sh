# SPDX-License-Identifier: GPL-2.0-only
# A device can always be removed; programs that use its memory keep it.
# machine: basic
# default-kernels: oldest 6.12 newest kasan
# kernels: *
set -eu
. ./lib/guest.sh

load buffers=none
run lifetime/unplug
unload
finish
