# SPDX-License-Identifier: GPL-2.0-only
# Debuggers read and write a mapped carveout: /proc/PID/mem and ptrace().
# machine: carveout
set -eu
. ./lib/guest.sh

base=$KSHM_RESERVED

load "buffers=video:1M@$base"
run carveout/procmem /dev/kshm0
unload
finish
