# SPDX-License-Identifier: GPL-2.0-only
# Bytes go in and out by every kind of read and write, at any offset.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,4M
run /t/rw /dev/kshm0
run /t/rw /dev/kshm1
run /t/uring /dev/kshm0
run /t/uring /dev/kshm1

echo "from the shell" > /dev/kshm0
is "the shell writes and reads" "$(head -n 1 /dev/kshm0)" "from the shell"
is "dd reads all of it" "$(wc -c < /dev/kshm1)" 4194304
unload
finish
