# SPDX-License-Identifier: GPL-2.0-only
# Programs share a buffer: by mmap, by read and write, with mutexes and futexes in it.
# guest: basic
set -eu
. ./lib.sh

load buffers=64K,2M,4M
run /t/share /dev/kshm0
run /t/share /dev/kshm1
run /t/share /dev/kshm2
unload
finish
