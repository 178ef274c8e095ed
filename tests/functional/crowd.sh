# SPDX-License-Identifier: GPL-2.0-only
# Creators at once, while others fault and do O_DIRECT.
# guest: big
set -eu
. ./lib.sh

load buffers=none
run /t/crowd /mnt/crowd
unload
finish
