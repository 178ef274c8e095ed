# SPDX-License-Identifier: GPL-2.0-only
# Creators at once, while others fault and do O_DIRECT.
# guest: big
# plain: 5.10 6.12 7.3 kasan
set -eu
. ./lib.sh

load buffers=none
run /t/crowd /mnt/crowd
unload
finish
