# SPDX-License-Identifier: GPL-2.0-only
# Many processes make, open again and lose memfds at the same moment.
# machine: basic
# default-kernels: oldest newest kasan
set -eu
. ./lib/guest.sh

load buffers=none
run memfd/race
unload
finish
