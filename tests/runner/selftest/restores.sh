# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The test restores a setting.
# expect: ok - restores: a point
# clean
old=$(cat /proc/sys/vm/swappiness)
echo 14 >/proc/sys/vm/swappiness
echo "ok 1 - a point"
echo "1..1"
echo "$old" >/proc/sys/vm/swappiness
