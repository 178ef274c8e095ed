# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The test leaves a process.
# expect: not ok - leaves-process: the guest is not as before the test
sleep 1000 &
echo "ok 1 - a point"
echo "1..1"
