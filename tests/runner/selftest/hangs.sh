# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The guest hangs.
# fatal: selftest-short
# expect: not ok - token: the guest hangs
while :; do sleep 100; done
