# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# One point of two fails.
# expect: not ok - fails: the second point
echo "ok 1 - the first point"
echo "not ok 2 - the second point"
echo "1..2"
exit 1
