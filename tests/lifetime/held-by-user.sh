# SPDX-License-Identifier: GPL-2.0-only
# A user who holds a buffer cannot keep its device, nor its memory after being killed.
# machine: basic
# default-kernels: oldest 6.1 6.12 newest kasan*
set -eu
. ./lib/guest.sh

load buffers=none
run lifetime/held-by-user $member_uid $member_gid
finish
