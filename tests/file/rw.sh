# SPDX-License-Identifier: GPL-2.0-only
# Every kind of read and write, at any offset.
# machine: basic
# default-kernels: [0-9]* kasan
set -eu
. ./lib/guest.sh

load buffers=64K,4M
run file/rw /dev/kshm0
run file/rw /dev/kshm1

echo "from the shell" >/dev/kshm0
is "a line that the shell wrote" "$(head -n 1 /dev/kshm0)" "from the shell"
is "bytes until the end of the device" "$(wc -c </dev/kshm1)" 4194304
unload
finish
