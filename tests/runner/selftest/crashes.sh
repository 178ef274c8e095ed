# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The kernel dies.
# fatal: selftest
# expect: not ok - token: the guest stopped without it
echo c >/proc/sysrq-trigger
