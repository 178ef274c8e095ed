# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The module logs a line that the test does not expect.
# expect-log: one thing
# expect: not ok - logs: the module logs what is not expected
echo "kshm: one thing" >/dev/kmsg
echo "kshm: and another" >/dev/kmsg
echo "ok 1 - a point"
echo "1..1"
