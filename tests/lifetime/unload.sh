# SPDX-License-Identifier: GPL-2.0-only
# The module stays while a device is open or mapped, and unloads afterwards; pages that the
# kernel still uses outlive it.
# machine: basic
# kernels: *
set -eu
. ./lib/guest.sh

run lifetime/unload
finish
