# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The test changes a setting and does not restore it.
# expect: not ok - leaves-setting: the guest is not as before the test
echo 13 >/proc/sys/vm/swappiness
echo "ok 1 - a point"
echo "1..1"
