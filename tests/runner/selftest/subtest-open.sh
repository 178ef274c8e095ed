# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The test ends in a subtest.
# expect: not ok - subtest-open: one: the test ended in it
echo "  # Subtest: one"
echo "  ok 1 - a point"
