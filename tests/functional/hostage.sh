# SPDX-License-Identifier: GPL-2.0-only
# A user cannot keep a device, nor the memory longer than he lives.
# guest: basic
set -eu
. ./lib.sh

load buffers=none
run /t/hostage $member_uid $member_gid
finish
