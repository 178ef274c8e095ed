# SPDX-License-Identifier: GPL-2.0-only
# The module stays while a device is open or mapped, goes afterwards, and pages
# that the kernel still uses outlive it.
# guest: basic
# kernels: all
set -eu
. ./lib.sh

run /t/unload
finish
