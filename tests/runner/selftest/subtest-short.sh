# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A subtest that passes before all of its points.
# expect: not ok - subtest-short: one: planned 2, ran 1
echo "  # Subtest: one"
echo "  ok 1 - a point"
echo "  1..2"
echo "ok 1 - one"
echo "1..1"
