# SPDX-License-Identifier: GPL-2.0-only
# A device can be opened as soon as the kernel sends its event, also at load.
# machine: basic
# kernels: [0-9]*
# default-kernels: oldest newest
set -eu
. ./lib/guest.sh

run lifetime/uevent kernel load 10 300
run lifetime/uevent kernel configfs 2 100
finish
