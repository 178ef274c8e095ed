# SPDX-License-Identifier: GPL-2.0-only
# Buffers are zeroed when made, where the kernel zeroes memory at its own times.
# guest: basic
set -eu
. ./lib.sh

run /t/zero
finish
