# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A subtest without a failure.
# expect: ok - subtest: one: a point
# clean
echo "  # Subtest: one"
echo "  ok 1 - a point"
echo "  1..1"
echo "ok 1 - one"
echo "1..1"
