# SPDX-License-Identifier: GPL-2.0-only
# The doorbell: ioctls, poll(), select(), epoll, io_uring, eventfds, the file events in sysfs.
# machine: basic
# default-kernels: oldest newest kasan
set -eu
. ./lib/guest.sh

load buffers=64K
run doorbell/basic /dev/kshm0
run doorbell/basic-32 /dev/kshm0
run doorbell/eventfd /dev/kshm0
run doorbell/sysfs /dev/kshm0
as_member /dev/kshm0 doorbell/basic /dev/kshm0
unload
finish
