# SPDX-License-Identifier: GPL-2.0-only
# Programs that allocate the same range at once do not disturb each other.
# machine: basic
# kernels: *
# default-kernels: kcsan
set -eu
. ./lib/guest.sh

load buffers=none
run stress/same-range 40
unload
finish
