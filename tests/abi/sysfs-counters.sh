# SPDX-License-Identifier: GPL-2.0-only
# The attributes openers and mappings count open files and mappings.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=64K,2M
run abi/sysfs-counters
unload
finish
