# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A subtest that fails without a plan.
# expect: not ok - subtest-early: one: ended early with a failure
echo "  # Subtest: one"
echo "  ok 1 - a point"
echo "not ok 1 - one"
echo "1..1"
exit 1
