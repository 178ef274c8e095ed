# SPDX-License-Identifier: GPL-2.0-only
# The module stays while a device is open or mapped, and unloads afterwards; pages that the
# kernel still uses outlive it.
# machine: basic
# kernels: *
# default-kernels: oldest 6.1 6.12 newest
set -eu
. ./lib/guest.sh

run lifetime/unload
finish
