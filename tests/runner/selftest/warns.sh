# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The kernel's log has a complaint.
# expect: not ok - warns: the kernel's log has errors
echo "<4>WARNING: CPU: 0 PID: 1 at kshm/selftest" >/dev/kmsg
echo "ok 1 - a point"
echo "1..1"
