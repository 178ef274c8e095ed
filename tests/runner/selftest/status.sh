# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# No point fails, yet the exit status does.
# expect: not ok - status: exit status 3
echo "ok 1 - a point"
echo "1..1"
exit 3
