# SPDX-License-Identifier: GPL-2.0-only
# A device of buffers= can be opened as soon as udev says so, as services of systemd do it.
# machine: udev
# default-kernels: newest
set -eu
. ./lib/guest.sh

run lifetime/uevent udev load 3 50
check "udev is done" udevadm settle
finish
