# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The module logs a line that the test expects.
# expect-log: one thing
# expect: ok - expected-log: a point
# clean
echo "kshm: one thing" >/dev/kmsg
echo "ok 1 - a point"
echo "1..1"
