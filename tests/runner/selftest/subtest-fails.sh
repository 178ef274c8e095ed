# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A subtest with a failure that counts as passed.
# expect: not ok - subtest-fails: one: success in spite of failures
echo "  # Subtest: one"
echo "  not ok 1 - a point"
echo "  1..1"
echo "ok 1 - one"
echo "1..1"
