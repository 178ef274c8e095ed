# SPDX-License-Identifier: GPL-2.0-only
# poll(), select() and epoll report a device as always readable and writable.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=64K,4M
run file/poll /dev/kshm0
run file/poll /dev/kshm1
unload
finish
