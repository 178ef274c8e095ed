# SPDX-License-Identifier: GPL-2.0-only
# Threads make one directory live, and take its device away, at once.
# guest: basic
set -eu
. ./lib.sh

load buffers=none
run /t/toggle
unload
finish
