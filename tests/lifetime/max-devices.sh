# SPDX-License-Identifier: GPL-2.0-only
# As many devices as possible, then one more.
# machine: basic
# kernels: *
# default-kernels: oldest newest
set -eu
. ./lib/guest.sh

load buffers=none
run lifetime/max-devices
unload
finish
