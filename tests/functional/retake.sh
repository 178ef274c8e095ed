# SPDX-License-Identifier: GPL-2.0-only
# Creators that take the same memory at once do not disturb each other in it.
# guest: basic
# kernels: all
# plain: kcsan
set -eu
. ./lib.sh

load buffers=none
run /t/retake 40
unload
finish
