# SPDX-License-Identifier: GPL-2.0-only
# 200 loads; each device is opened as soon as the kernel sends its event.
# machine: basic
# default-kernels: none
# limit: 900
set -eu
. ./lib/guest.sh

run lifetime/uevent kernel load 200 300
finish
