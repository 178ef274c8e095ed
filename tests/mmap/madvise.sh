# SPDX-License-Identifier: GPL-2.0-only
# No madvise() changes the bytes of a mapping or their place.
# machine: basic
# default-kernels: oldest 6.12 newest
set -eu
. ./lib/guest.sh

load buffers=64K,2M,4M
for file in /dev/kshm0 /dev/kshm1 /dev/kshm2; do
	run mmap/madvise $file
done
unload
finish
