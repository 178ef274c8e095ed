# SPDX-License-Identifier: GPL-2.0-only
# A thousand rounds in which buffers of random sizes are made and removed.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=none
run stress/churn "$KSHM_SEED"
unload
finish
