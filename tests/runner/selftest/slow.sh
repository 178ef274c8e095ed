# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The test takes longer than it may.
# limit: 2
# expect: not ok - slow: not done after 2 s
sleep 100
