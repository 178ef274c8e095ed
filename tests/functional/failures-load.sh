# SPDX-License-Identifier: GPL-2.0-only
# Every allocation fails once when the module is loaded, with a buffer of each kind, and
# when it is unloaded.
# guest: failures
# kernels: kasan
# limit: 900
set -eu
. ./lib.sh

forget_leaks
run /t/failures load buffers=none buffers=6M,x:12K,y:8K@0x30000000
nothing_leaked
finish
