# SPDX-License-Identifier: GPL-2.0-only
# What /proc shows of a mapping; reading it is harmless.
# machine: basic
set -eu
. ./lib/guest.sh

load buffers=64K,2M,4M
for file in /dev/kshm0 /dev/kshm1 /dev/kshm2; do
	run mmap/procfs $file
done
unload
finish
