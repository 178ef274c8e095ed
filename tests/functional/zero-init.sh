# SPDX-License-Identifier: GPL-2.0-only
# Buffers are zeroed when made, where the kernel zeroes memory at its own times.
# guest: basic
set -eu
. ./lib.sh

# What the kernel keeps for itself cannot be written over.
echo 4096 > /proc/sys/vm/min_free_kbytes
run /t/zero
finish
