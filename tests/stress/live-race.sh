# SPDX-License-Identifier: GPL-2.0-only
# Threads write 1 to live of one directory at once, and 0 at once.
# machine: basic
# default-kernels: oldest newest kasan*
set -eu
. ./lib/guest.sh

load buffers=none
run stress/live-race
unload
finish
