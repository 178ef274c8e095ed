# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# The guest goes down early and claims to be done.
# fatal: selftest
# expect: not ok - token: the guest stopped without it
echo "ok 1 - a point"
echo "1..1"
echo "@end stops 0 1"
echo "@token 0123456789abcdef"
busybox poweroff -f
