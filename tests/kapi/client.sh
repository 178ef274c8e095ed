# SPDX-License-Identifier: GPL-2.0-only
# What linux/kshm.h offers to other kernel modules: buffers made and found, their memory, the
# doorbell in both directions, and who may go when.
# machine: basic
# kernels: *
# default-kernels: oldest 6.12 newest
# expect-log: kshm_create\(".*"\): |no [0-9]* contiguous bytes
set -eu
. ./lib/guest.sh

load buffers=64K
run kapi/client
finish
