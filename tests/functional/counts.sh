# SPDX-License-Identifier: GPL-2.0-only
# openers and mappings of sysfs count up and down.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,2M
run /t/counts
unload
finish
