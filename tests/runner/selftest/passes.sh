# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A test without a fault.
# expect: ok - passes: a point
# clean
echo "ok 1 - a point"
echo "1..1"
